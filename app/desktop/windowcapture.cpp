// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/windowcapture.h"

#include "app/desktop/appcontext.h"

#include <QtCore/qtimer.h>
#include <QtGui/qimage.h>
#include <QtQuick/qquickwindow.h>

#include <chrono>

namespace rivulet {

using namespace std::chrono_literals;

namespace {

// No answer of the demo takes this long at the speed a picture is taken with.
constexpr auto patience = 120s;

// Rows that a frame has made visible may measure themselves and be placed by the next one.
constexpr int settlingFrames = 4;

} // namespace

WindowCapture::WindowCapture(AppContext &context, QQuickWindow &window, const QString &file,
                             const QString &prompt, QObject *parent)
    : QObject(parent), m_context(context), m_window(window), m_file(file), m_prompt(prompt)
{
    QTimer::singleShot(patience, this, [this] { Q_EMIT failed(tr("The window was not ready in time.")); });
    if (context.isReady())
        QMetaObject::invokeMethod(this, &WindowCapture::begin, Qt::QueuedConnection);
    else
        connect(&context, &AppContext::readyChanged, this, &WindowCapture::begin, Qt::SingleShotConnection);
}

void WindowCapture::begin()
{
    if (m_prompt.isEmpty()) {
        grabSoon();
        return;
    }
    ChatSession *session = m_context.session();
    connect(session, &ChatSession::messageEnded, this, &WindowCapture::grabSoon);
    if (!session->send(m_prompt))
        Q_EMIT failed(tr("The prompt could not be sent."));
}

void WindowCapture::grabSoon()
{
    m_framesLeft = settlingFrames;
    connect(&m_window, &QQuickWindow::frameSwapped, this, [this] {
        if (--m_framesLeft > 0) {
            m_window.update();
        } else if (m_framesLeft == 0) {
            const QImage picture = m_window.grabWindow();
            if (!picture.isNull() && picture.save(m_file))
                Q_EMIT done();
            else
                Q_EMIT failed(tr("The picture could not be written to %1.").arg(m_file));
        }
    });
    m_window.update();
}

} // namespace rivulet
