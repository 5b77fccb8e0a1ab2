// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
//
// What one more token costs on screen when much is there already: our view beside one Text.MarkdownText and
// one TextEdit for the whole answer. Each frame gets one token; the figure is the CPU time of the process per
// frame, painting included. Runs on the software scene graph, so that figures compare across machines.
#include "models/transcript/transcriptmodel.h"
#include "qml/Rows/textitem.h"
#include "tests/bench/report.h"
#include "tests/support/conversation.h"

#include <QtCore/qdebug.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qhash.h>
#include <QtGui/qguiapplication.h>
#include <QtGui/qtextcursor.h>
#include <QtQml/qqmlcomponent.h>
#include <QtQml/qqmlextensionplugin.h>
#include <QtQuick/qquickitem.h>
#include <QtQuick/qquicktextdocument.h>
#include <QtQuick/qquickview.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <map>
#include <memory>

Q_IMPORT_QML_PLUGIN(Rivulet_ModelsPlugin)
Q_IMPORT_QML_PLUGIN(Rivulet_ThemePlugin)
Q_IMPORT_QML_PLUGIN(Rivulet_ControlsPlugin)
Q_IMPORT_QML_PLUGIN(Rivulet_RowsPlugin)
Q_IMPORT_QML_PLUGIN(Rivulet_TranscriptPlugin)

using namespace Qt::StringLiterals;
using namespace rivulet;

namespace {

double cpuMilliseconds()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

/// The n-th token of an endless text in paragraphs of about 500 characters.
QString token(qsizetype n)
{
    static const std::array words{u"water "_s,        u"finds "_s, u"the "_s,
                                  u"**shortest** "_s, u"way "_s,   u"down "_s};
    return n % 90 == 89 ? u"down.\n\n"_s : words.at(size_t(n * 7 % 6));
}

QString prose(qsizetype size)
{
    QString text;
    for (qsizetype n = 0; text.size() < size; ++n)
        text += token(n);
    return text;
}

/// Something that shows a growing text.
class Subject
{
public:
    virtual ~Subject() = default;
    virtual void append(const QString &text) = 0;
    /// Scene graph nodes with text that were made so far, where that is known.
    virtual quint64 builtNodes() { return 0; }

    QQuickView view;

protected:
    void showQml(const QByteArray &qml)
    {
        auto *component = new QQmlComponent(view.engine(), &view);
        component->setData(qml, {});
        QObject *root = component->create();
        if (!root)
            qFatal("%s", qPrintable(component->errorString()));
        view.setContent({}, component, root);
    }
};

class OurView : public Subject
{
public:
    OurView()
    {
        m_model.addMessage(m_answer);
        view.setInitialProperties({{u"model"_s, QVariant::fromValue(&m_model)}, {u"streaming"_s, true}});
        view.loadFromModule("Rivulet.Transcript", "TranscriptView");
    }
    ~OurView() override { view.setSource({}); }

    void append(const QString &text) override { m_model.deliver(m_answer.id, test::text(text)); }

    quint64 builtNodes() override
    {
        count(view.rootObject());
        return m_built;
    }

private:
    void count(QQuickItem *item)
    {
        if (const auto *text = qobject_cast<TextItem *>(item)) {
            quint64 &known = m_known[item];
            m_built += text->builtNodes() - std::min(known, text->builtNodes());
            known = text->builtNodes();
        }
        const QList<QQuickItem *> children = item->childItems();
        for (QQuickItem *child : children)
            count(child);
    }

    TranscriptModel m_model{[](const Mishap &) { return Notice{}; }};
    Message m_answer = test::answerTo({}, {}, Message::State::Streaming);
    QHash<QQuickItem *, quint64> m_known;
    quint64 m_built = 0;
};

class MarkdownText : public Subject
{
public:
    MarkdownText()
    {
        showQml("import QtQuick\nFlickable { contentHeight: text.height; contentY: Math.max(0, contentHeight "
                "- height)\n"
                "Text { id: text; objectName: 'text'; width: 760; wrapMode: Text.Wrap; textFormat: "
                "Text.MarkdownText } }");
        m_text = view.rootObject()->findChild<QQuickItem *>(u"text"_s);
    }
    void append(const QString &text) override
    {
        m_all += text;
        m_text->setProperty("text", m_all);
    }

private:
    QQuickItem *m_text = nullptr;
    QString m_all;
};

class TextEditWithCursor : public Subject
{
public:
    TextEditWithCursor()
    {
        showQml(
            "import QtQuick\nFlickable { contentHeight: text.height; contentY: Math.max(0, contentHeight - "
            "height)\n"
            "TextEdit { id: text; objectName: 'text'; width: 760; wrapMode: Text.Wrap; readOnly: true } }");
        auto *text = view.rootObject()->findChild<QQuickItem *>(u"text"_s);
        m_document = text->property("textDocument").value<QQuickTextDocument *>()->textDocument();
        m_document->setUndoRedoEnabled(false);
    }
    void append(const QString &text) override
    {
        QTextCursor cursor(m_document);
        cursor.movePosition(QTextCursor::End);
        cursor.insertText(text);
    }

private:
    QTextDocument *m_document = nullptr;
};

struct Figures
{
    double cpu = 0;   ///< milliseconds a token, the least of the rounds
    double nodes = 0; ///< a token
};

Figures measure(Subject &subject, qsizetype size, int tokens, int rounds)
{
    subject.view.setResizeMode(QQuickView::SizeRootObjectToView);
    subject.view.resize(1000, 800);
    subject.view.show();
    QEventLoop loop;
    QObject::connect(&subject.view, &QQuickWindow::afterFrameEnd, &loop, &QEventLoop::quit,
                     Qt::QueuedConnection);
    const auto frame = [&] {
        subject.view.update();
        loop.exec();
    };
    subject.append(prose(size));
    for (int i = 0; i < 5; ++i)
        frame();

    Figures figures{.cpu = std::numeric_limits<double>::max()};
    qsizetype n = 0;
    const quint64 nodes = subject.builtNodes();
    for (int round = 0; round < rounds; ++round) {
        const double begin = cpuMilliseconds();
        for (int i = 0; i < tokens; ++i) {
            subject.append(token(n++));
            frame();
        }
        figures.cpu = std::min(figures.cpu, (cpuMilliseconds() - begin) / tokens);
    }
    figures.nodes = double(subject.builtNodes() - nodes) / double(n);
    return figures;
}

QString sizeName(qsizetype size)
{
    return size >= 1'000'000 ? u"%1 MB"_s.arg(size / 1'000'000) : u"%1 kB"_s.arg(size / 1000);
}

} // namespace

int main(int argc, char **argv)
{
    using bench::Row;
    qputenv("QT_QUICK_BACKEND", "software");
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    const bench::Options options = bench::Options::fromArguments(argc, argv);
    QGuiApplication app(argc, argv);
    bench::Report report(u"view"_s, options);

    const int tokens = options.quick ? 30 : 90;
    const int rounds = options.quick ? 3 : 10;
    const QList<qsizetype> sizes =
        options.quick ? QList<qsizetype>{10'000, 100'000} : QList<qsizetype>{10'000, 100'000, 1'000'000};

    std::map<qsizetype, Figures> ours;
    for (const qsizetype size : sizes) {
        OurView view;
        ours[size] = measure(view, size, tokens, rounds);
        report.add({.what = sizeName(size) + u" there"_s,
                    .metric = u"cpu_per_token"_s,
                    .value = ours[size].cpu,
                    .unit = u"ms"_s,
                    .better = Row::Better::Lower});
        report.add({.what = sizeName(size) + u" there"_s,
                    .metric = u"nodes_per_token"_s,
                    .value = ours[size].nodes,
                    .unit = u"nodes"_s,
                    .goal = 1.2,
                    .better = Row::Better::Lower});
    }
    report.add({.what = sizeName(sizes.last()) + u" over "_s + sizeName(sizes.first()),
                .metric = u"cpu_flatness"_s,
                .value = ours[sizes.last()].cpu / ours[sizes.first()].cpu,
                .unit = u"ratio"_s,
                .goal = 1.1,
                .better = Row::Better::Lower});

    for (const qsizetype size : sizes.first(2)) {
        TextEditWithCursor edit;
        report.add({.what = sizeName(size) + u" there"_s,
                    .metric = u"cpu_per_token"_s,
                    .value = measure(edit, size, tokens, 3).cpu,
                    .unit = u"ms"_s,
                    .better = Row::Better::Lower,
                    .peer = u"TextEdit with QTextCursor"_s});
        MarkdownText text;
        report.add({.what = sizeName(size) + u" there"_s,
                    .metric = u"cpu_per_token"_s,
                    .value = measure(text, size, std::min(tokens, 30), 3).cpu,
                    .unit = u"ms"_s,
                    .better = Row::Better::Lower,
                    .peer = u"Text.MarkdownText"_s});
    }
    return 0;
}
