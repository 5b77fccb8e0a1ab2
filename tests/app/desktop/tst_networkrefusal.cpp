// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/desktop/networkrefusal.h"

#include <QtNetwork/qnetworkaccessmanager.h>
#include <QtNetwork/qnetworkreply.h>
#include <QtNetwork/qtcpserver.h>
#include <QtQml/qqmlcomponent.h>
#include <QtQml/qqmlengine.h>
#include <QtQuick/qquickitem.h>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace rivulet;
using namespace Qt::StringLiterals;

class NetworkRefusalTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void every_request_ends_as_denied_without_a_connection()
    {
        QTcpServer canary;
        QVERIFY(canary.listen(QHostAddress::LocalHost));
        NetworkRefusal refusal;
        const std::unique_ptr<QNetworkAccessManager> manager(refusal.create(nullptr));
        QNetworkReply *reply =
            manager->get(QNetworkRequest(QUrl(u"http://127.0.0.1:%1/"_s.arg(canary.serverPort()))));
        QSignalSpy finished(reply, &QNetworkReply::finished);
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(reply->error(), QNetworkReply::ContentAccessDenied);
        QVERIFY(!canary.hasPendingConnections());
    }

    void an_image_in_qml_fetches_nothing()
    {
        QTcpServer canary;
        QVERIFY(canary.listen(QHostAddress::LocalHost));
        NetworkRefusal refusal;
        QQmlEngine engine;
        engine.setNetworkAccessManagerFactory(&refusal);
        QQmlComponent component(&engine);
        component.setData("import QtQuick\nImage { source: 'http://127.0.0.1:"
                              + QByteArray::number(canary.serverPort()) + "/x.png' }",
                          QUrl());
        const std::unique_ptr<QObject> image(component.create());
        QVERIFY2(image, qPrintable(component.errorString()));
        // Image.Error
        QTRY_COMPARE(image->property("status").toInt(), 3);
        QVERIFY(!canary.hasPendingConnections());
    }
};

QTEST_MAIN(NetworkRefusalTest)
#include "tst_networkrefusal.moc"
