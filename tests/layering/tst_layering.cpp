// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/layering/houserules.h"

#include <QtCore/qdir.h>
#include <QtCore/qdiriterator.h>
#include <QtCore/qfile.h>
#include <QtCore/qset.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

const QString licence = u"// SPDX-FileCopyrightText: 2026 The Rivulet authors\n"
                        "// SPDX-License-Identifier: Apache-2.0\n"_s;

QString textOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// Files of the project, relative to it, without what builds, tools and git leave behind.
QStringList projectFiles()
{
    const QDir project(QStringLiteral(RIVULET_SOURCE_DIR));
    QStringList files;
    for (const auto folder : {"net"_L1, "models"_L1, "qml"_L1, "app"_L1, "tests"_L1, "resources"_L1,
                              "translations"_L1, "packaging"_L1, ".ci"_L1}) {
        QDirIterator it(project.filePath(folder), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (it.hasNext())
            files += project.relativeFilePath(it.next());
    }
    // What npm installs is not ours.
    files.removeIf([](const QString &file) { return file.contains("/node_modules/"_L1); });
    files += project.entryList(QDir::Files | QDir::Hidden);
    files.sort();
    return files;
}

} // namespace

class tst_Layering : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void catches_data();
    void catches();
    void allows_data();
    void allows();
    void catchesMissingLicence();
    void catchesMissingAndLongPages();
    void theProjectKeepsItsRules();
    void everyFolderOfSourcesHasItsPage();
};

void tst_Layering::catches_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("line");

    QTest::newRow("a model in net") << u"net/turn/turn.cpp"_s << u"#include \"models/chat/message.h\""_s;
    QTest::newRow("a room further up") << u"net/wire/usage.h"_s << u"#include \"net/framing/frame.h\""_s;
    QTest::newRow("a transport in models")
        << u"models/engine/engine.h"_s << u"#include \"net/transport/transport.h\""_s;
    QTest::newRow("a dialect in models")
        << u"models/chat/chatsession.cpp"_s << u"#include \"net/dialects/dialect.h\""_s;
    QTest::newRow("the program in a view")
        << u"qml/Rows/textrow.cpp"_s << u"#include \"app/shell/paths.h\""_s;
    QTest::newRow("a name without its room") << u"net/wire/usage.cpp"_s << u"#include \"usage.h\""_s;
    QTest::newRow("an indented include") << u"net/wire/usage.h"_s << u"#  include \"net/turn/turn.h\""_s;
    QTest::newRow("Gui in net") << u"net/turn/turn.h"_s << u"#include <QtGui/qcolor.h>"_s;
    QTest::newRow("Gui in net, by class") << u"net/turn/turn.h"_s << u"#include <QColor>"_s;
    QTest::newRow("Qml in net") << u"net/wire/usage.h"_s << u"#include <QtQml/qqmlengine.h>"_s;
    QTest::newRow("Sql in chat") << u"models/chat/message.cpp"_s << u"#include <QSqlQuery>"_s;
    QTest::newRow("Quick in models") << u"models/transcript/rows.h"_s << u"#include <QtQuick/qquickitem.h>"_s;
    QTest::newRow("a module nobody uses") << u"app/desktop/main.cpp"_s << u"#include <QtWidgets/qwidget.h>"_s;
    QTest::newRow("JSON in models") << u"models/chat/message.h"_s << u"#include <QtCore/qjsonobject.h>"_s;
    QTest::newRow("JSON in a turn, by class") << u"net/turn/turn.cpp"_s << u"#include <QJsonObject>"_s;
    QTest::newRow("a web engine") << u"qml/Main/Main.qml"_s << u"import QtWebEngine"_s;
    QTest::newRow("requests past the transport")
        << u"net/turn/turn.cpp"_s << u"QNetworkAccessManager m_net;"_s;
    QTest::newRow("an event loop in a model") << u"models/engine/engine.cpp"_s << u"#include <QEventLoop>"_s;
    QTest::newRow("the highlighter's library")
        << u"models/transcript/rows.cpp"_s << u"#include <KSyntaxHighlighting/Repository>"_s;
    QTest::newRow("a view above in a view") << u"qml/Controls/Button.qml"_s << u"import Rivulet.Main"_s;
    QTest::newRow("a neighbour in a view") << u"qml/Composer/Composer.qml"_s << u"import Rivulet.Sidebar"_s;
    QTest::newRow("an unknown module in a view") << u"qml/Rows/Row.qml"_s << u"import Rivulet.Nowhere"_s;
    QTest::newRow("a desktop style") << u"qml/Controls/Button.qml"_s << u"import QtQuick.Controls"_s;
    QTest::newRow("a model's markup") << u"qml/Rows/Row.qml"_s << u"    textFormat: Text.RichText"_s;
    QTest::newRow("a context property")
        << u"app/desktop/main.cpp"_s << u"context->setContextProperty(n, o);"_s;
    QTest::newRow("a sleeping test") << u"tests/net/turn/tst_turn.cpp"_s << u"QTest::qWait(100);"_s;
}

void tst_Layering::catches()
{
    QFETCH(const QString, path);
    QFETCH(const QString, line);

    const QStringList broken = rivulet::test::brokenRules(path, licence + u'\n' + line + u'\n');

    QCOMPARE(broken.size(), 1);
    QVERIFY2(broken.first().startsWith(path + u":4: "_s), qPrintable(broken.first()));
}

void tst_Layering::allows_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("line");

    QTest::newRow("its own room") << u"net/wire/usage.cpp"_s << u"#include \"net/wire/usage.h\""_s;
    QTest::newRow("a room before it") << u"net/turn/turn.h"_s << u"#include \"net/wire/usage.h\""_s;
    QTest::newRow("the network in a transport") << u"net/transport/http.h"_s << u"#include <QNetworkReply>"_s;
    QTest::newRow("the standard library") << u"net/wire/usage.h"_s << u"#include <vector>"_s;
    QTest::newRow("what moc made") << u"net/turn/turn.cpp"_s << u"#include \"moc_turn.cpp\""_s;
    QTest::newRow("JSON in a dialect") << u"net/dialects/d.cpp"_s << u"#include <QtCore/qjsonobject.h>"_s;
    QTest::newRow("SQL in the store")
        << u"models/store/sqlitestore.cpp"_s << u"#include <QtSql/qsqlquery.h>"_s;
    QTest::newRow("any room in the program")
        << u"app/desktop/main.cpp"_s << u"#include \"net/demo/demoserver.h\""_s;
    QTest::newRow("a view below in a view") << u"qml/Main/Main.qml"_s << u"import Rivulet.Composer"_s;
    QTest::newRow("the basic controls")
        << u"qml/Controls/Button.qml"_s << u"import QtQuick.Controls.Basic as C"_s;
    QTest::newRow("plain text") << u"qml/Rows/Row.qml"_s << u"    textFormat: Text.PlainText"_s;
}

void tst_Layering::allows()
{
    QFETCH(const QString, path);
    QFETCH(const QString, line);

    QCOMPARE(rivulet::test::brokenRules(path, licence + line), QStringList());
}

void tst_Layering::catchesMissingLicence()
{
    QCOMPARE(rivulet::test::brokenRules(u"net/wire/usage.h"_s, u"#pragma once\n"_s).size(), 1);
    QCOMPARE(rivulet::test::brokenRules(u"net/wire/usage.h"_s, u"\n\n"_s + licence).size(), 1);
}

void tst_Layering::catchesMissingAndLongPages()
{
    QCOMPARE(rivulet::test::brokenPageRules(u"net/wire"_s, QString()).size(), 1);
    QCOMPARE(rivulet::test::brokenPageRules(u"net/wire"_s, u"line\n"_s.repeated(15)).size(), 0);
    QCOMPARE(rivulet::test::brokenPageRules(u"net/wire"_s, u"line\n"_s.repeated(16)).size(), 1);
}

void tst_Layering::theProjectKeepsItsRules()
{
    QStringList broken;
    int checked = 0;
    for (const QString &path : projectFiles()) {
        if (!rivulet::test::hasRules(path))
            continue;
        ++checked;
        broken += rivulet::test::brokenRules(path, textOf(QStringLiteral(RIVULET_SOURCE_DIR "/") + path));
    }

    QCOMPARE_GT(checked, 50);
    QVERIFY2(broken.isEmpty(), qPrintable(broken.join(u'\n')));
}

void tst_Layering::everyFolderOfSourcesHasItsPage()
{
    QSet<QString> folders;
    for (const QString &path : projectFiles()) {
        const bool source = path.endsWith(u".h") || path.endsWith(u".cpp") || path.endsWith(u".qml");
        if (source && !path.startsWith(u"tests/"))
            folders.insert(path.first(path.lastIndexOf(u'/')));
    }

    QStringList broken;
    for (const QString &folder : std::as_const(folders)) {
        broken += rivulet::test::brokenPageRules(
            folder, textOf(QStringLiteral(RIVULET_SOURCE_DIR "/") + folder + u"/README.md"_s));
    }
    broken.sort();
    QVERIFY2(broken.isEmpty(), qPrintable(broken.join(u'\n')));
}

QTEST_APPLESS_MAIN(tst_Layering)
#include "tst_layering.moc"
