// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtCore/qobject.h>
#include <QtCore/qstring.h>

QT_FORWARD_DECLARE_CLASS(QQuickWindow)

namespace rivulet {

class AppContext;

/// Takes one picture of the window: waits until the application is ready, asks what it is told to ask, waits
/// for the whole answer, and grabs once a frame with all of it has been swapped. GUI thread.
class WindowCapture : public QObject
{
    Q_OBJECT

public:
    /// Writes to `file`, whose ending names the format. An empty `prompt` asks nothing.
    WindowCapture(AppContext &context, QQuickWindow &window, const QString &file, const QString &prompt,
                  QObject *parent = nullptr);

Q_SIGNALS:
    /// The picture is written.
    void done();
    /// It is not, and why.
    void failed(const QString &why);

private:
    void begin();
    void grabSoon();

    AppContext &m_context;
    QQuickWindow &m_window;
    QString m_file;
    QString m_prompt;
    int m_framesLeft = 0;
};

} // namespace rivulet
