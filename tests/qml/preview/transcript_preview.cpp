// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
//
// Draws sample conversations with the real view into pictures, for people to look at:
//   transcript_preview OUT.png [--dark] [--scale 2] [--width 1000] [--height 900] [--rtl]
//                      [--sample tour|endings|rtl|empty|streaming]
#include "models/transcript/transcriptmodel.h"

#include <QtCore/qcommandlineparser.h>
#include <QtCore/qdebug.h>
#include <QtCore/qtimer.h>
#include <QtGui/qguiapplication.h>
#include <QtQml/qqmlengine.h>
#include <QtQml/qqmlextensionplugin.h>
#include <QtQml/qqmlproperty.h>
#include <QtQuick/qquickitem.h>
#include <QtQuick/qquickview.h>

Q_IMPORT_QML_PLUGIN(Rivulet_ModelsPlugin)
Q_IMPORT_QML_PLUGIN(Rivulet_ThemePlugin)
Q_IMPORT_QML_PLUGIN(Rivulet_ControlsPlugin)
Q_IMPORT_QML_PLUGIN(Rivulet_RowsPlugin)
Q_IMPORT_QML_PLUGIN(Rivulet_TranscriptPlugin)

using namespace Qt::StringLiterals;
using namespace rivulet;

namespace {

const QString tour = uR"(# A short tour of a river

Water finds the **shortest way down**, which is *seldom* the straight one. What it carries, it carries for
a while; see the [atlas of rivers](https://example.org/atlas) or call `river.length()` to learn more about
~~canals~~ streams, and mind that a long paragraph should wrap at a comfortable measure without any help.

## What to look for

1. The source, often a spring:
   it can be hard to find
2. The upper course, with rapids
3. The mouth
  - a delta
  - an estuary

- [x] Pack the map
- [ ] Fill the bottle

> A river cuts through rock not because of its power, but because of its persistence.

### Its code

```cpp
int main()
{
    const auto river = source("spring"); // everything begins small
    for (const auto &reach : river)
        return reach.flow() > 0 ? 0 : 1;
}
```

| River | Length in km | Mouth |
|---|---:|:---:|
| Nile | 6 650 | Mediterranean |
| Amazon | 6 400 | Atlantic |
| Danube | 2 850 | Black Sea, by a wide delta that is a reserve of the biosphere today |

---

That is all. *Thank you.*)"_s;

const QString rightToLeft = uR"(# نهر النيل

النهر **أطول** أنهار أفريقيا، ويمرّ عبر [إحدى عشرة دولة](https://example.org). يبلغ طوله 6650 كم تقريبًا.

- المنبع
- المصبّ في البحر المتوسط

| النهر | الطول بالكيلومتر | المصب |
|---|---:|---|
| النيل | 6 650 | البحر المتوسط |
| الفرات | 2 800 | الخليج |

> من شرب من ماء النيل عاد إليه.

English stays on the left, 中文也可以, and emoji 👩‍👩‍👧‍👦 stay whole.)"_s;

Message user(const QString &text)
{
    Message message;
    message.id = MessageId{nextId()};
    message.parts = {TextPart{text}};
    return message;
}

Message answer(const QString &text, Message::State state = Message::State::Complete)
{
    Message message;
    message.id = MessageId{nextId()};
    message.role = ChatRole::Assistant;
    message.provider = u"Demo"_s;
    message.model = u"river-1"_s;
    message.state = state;
    if (!text.isEmpty())
        message.parts = {TextPart{text}};
    return message;
}

QList<Message> sample(const QString &name)
{
    if (name == u"rtl")
        return {user(u"حدّثني عن نهر النيل"_s), answer(rightToLeft)};
    if (name == u"empty")
        return {};
    if (name == u"endings") {
        Message failed = answer({}, Message::State::Failed);
        failed.error = NetError{.kind = NetError::Kind::Auth, .status = 401};
        Message thoughtful = answer(u"Yes."_s, Message::State::Stopped);
        thoughtful.parts.prepend(ReasoningPart{u"The user asks. I know."_s, std::chrono::seconds(12)});
        return {user(u"Is water wet?"_s),
                thoughtful,
                user(u"And why?"_s),
                answer(u"Because its molecules cling to"_s, Message::State::CutOff),
                user(u"Go on, please. I would like to know in all the detail that you can give me, so that I "
                     u"understand."_s),
                failed};
    }
    if (name == u"streaming") {
        Message streaming = answer(tour.first(700), Message::State::Streaming);
        streaming.parts.prepend(ReasoningPart{u"The user wants a tour. Rivers are a good subject."_s, {}});
        return {user(u"Show me around"_s), streaming};
    }
    if (name == u"thinking") {
        Message streaming = answer({}, Message::State::Streaming);
        streaming.parts = {ReasoningPart{u"The user wants a tour. Rivers are a good subject. So"_s, {}}};
        return {user(u"Show me around"_s), answer(u"I will."_s), user(u"Now, please"_s), streaming};
    }
    return {user(u"Show me around"_s), answer(tour)};
}

Notice words(const Mishap &mishap)
{
    if (std::holds_alternative<NetError>(mishap)) {
        return {.severity = Notice::Severity::Danger,
                .title = u"The server does not accept the key."_s,
                .advice = u"Your words are kept. Check the key in the settings, then try again."_s,
                .details = u"HTTP 401, invalid_api_key"_s,
                .offersRetry = true,
                .offersSettings = true};
    }
    if (const auto *state = std::get_if<Message::State>(&mishap); state && *state == Message::State::CutOff) {
        return {.severity = Notice::Severity::Warning,
                .title = u"The connection dropped."_s,
                .advice = u"Everything up to here is saved."_s,
                .offersRetry = true};
    }
    return {.title = u"Stopped"_s};
}

} // namespace

int main(int argc, char **argv)
{
    // Before the application: the scale is read when it is made.
    for (int i = 1; i + 1 < argc; ++i) {
        if (qstrcmp(argv[i], "--scale") == 0)
            qputenv("QT_SCALE_FACTOR", argv[i + 1]);
    }
    QGuiApplication app(argc, argv);
    QCommandLineParser options;
    options.addPositionalArgument(u"out"_s, u"the picture"_s);
    options.addOptions({{u"dark"_s, u"dark colours"_s},
                        {u"rtl"_s, u"mirrored"_s},
                        {u"scale"_s, u"device pixel ratio"_s, u"factor"_s, u"1"_s},
                        {u"width"_s, u"of the view"_s, u"pixels"_s, u"1000"_s},
                        {u"height"_s, u"of the view"_s, u"pixels"_s, u"900"_s},
                        {u"sample"_s, u"which conversation"_s, u"name"_s, u"tour"_s}});
    options.process(app);
    if (options.isSet(u"rtl"_s))
        QGuiApplication::setLayoutDirection(Qt::RightToLeft);

    TranscriptModel model(words);
    model.open(sample(options.value(u"sample"_s)));

    QQuickView view;
    view.setResizeMode(QQuickView::SizeRootObjectToView);
    view.resize(options.value(u"width"_s).toInt(), options.value(u"height"_s).toInt());
    auto *theme = view.engine()->singletonInstance<QObject *>("Rivulet.Theme", "Theme");
    theme->setProperty("mode", options.isSet(u"dark"_s) ? 2 : 1);
    view.setColor(theme->property("background").value<QColor>());
    const bool streaming = options.value(u"sample"_s) == u"streaming";
    view.setInitialProperties({{u"model"_s, QVariant::fromValue(&model)}, {u"streaming"_s, streaming}});
    view.loadFromModule("Rivulet.Transcript", "TranscriptView");
    if (view.status() != QQuickView::Ready) {
        qCritical() << view.errors();
        return 1;
    }
    if (options.isSet(u"rtl"_s)) {
        QObject *root = view.rootObject();
        QQmlProperty::write(root, u"LayoutMirroring.enabled"_s, true, qmlContext(root));
        QQmlProperty::write(root, u"LayoutMirroring.childrenInherit"_s, true, qmlContext(root));
    }
    view.show();
    int frames = 0;
    QObject::connect(
        &view, &QQuickWindow::afterFrameEnd, &app,
        [&] {
            if (++frames < 3)
                return view.update();
            const bool saved =
                view.grabWindow().save(options.positionalArguments().value(0, u"transcript.png"_s));
            QCoreApplication::exit(saved ? 0 : 1);
        },
        Qt::QueuedConnection);
    return QCoreApplication::exec();
}
