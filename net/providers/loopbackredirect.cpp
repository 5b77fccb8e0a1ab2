// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/providers/loopbackredirect.h"

#include "net/providers/oauth.h"

#include <QtCore/qtimer.h>
#include <QtCore/qurlquery.h>
#include <QtNetwork/qtcpsocket.h>

#include <chrono>
#include <optional>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

// A browser's request with its cookies for 127.0.0.1 fits; whoever sends more is none.
constexpr qint64 longestHead = 64 * 1024;
constexpr auto longestVisit = std::chrono::seconds(10);
constexpr int mostVisitors = 16;

constexpr auto path = "/callback"_L1;

struct Head
{
    QByteArray method;
    QByteArray target;
    QByteArray host;
};

// The head of an HTTP/1.1 request (RFC 9112), as much of it as matters here.
std::optional<Head> headOf(const QByteArray &bytes)
{
    const QByteArrayList lines = bytes.split('\n');
    const QByteArrayList words = lines.constFirst().trimmed().split(' ');
    if (words.size() != 3 || !words[2].startsWith("HTTP/1."))
        return std::nullopt;
    Head head{.method = words[0], .target = words[1], .host = {}};
    for (const QByteArray &line : lines.sliced(1)) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && line.first(colon).compare("host", Qt::CaseInsensitive) == 0)
            head.host = line.sliced(colon + 1).trimmed();
    }
    return head;
}

// Compares without telling by the time it takes where they differ.
bool isSame(QByteArrayView a, QByteArrayView b)
{
    if (a.size() != b.size())
        return false;
    unsigned difference = 0;
    for (qsizetype i = 0; i < a.size(); ++i)
        difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
    return difference == 0;
}

// A form's plus is a blank, and a literal one is written %2B (RFC 6749 appendix B).
QString field(const QUrlQuery &query, const QString &name)
{
    QString value = query.queryItemValue(name, QUrl::FullyEncoded);
    return QUrl::fromPercentEncoding(value.replace(u'+', "%20"_L1).toUtf8());
}

QByteArray reasonOf(int status)
{
    return status == 200 ? "OK"
        : status == 400  ? "Bad Request"
        : status == 405  ? "Method Not Allowed"
                         : "Not Found";
}

} // namespace

LoopbackRedirect::LoopbackRedirect(QByteArray state, RedirectPage page, QObject *parent)
    : QObject(parent), m_state(std::move(state)), m_page(std::move(page))
{
    m_server.setMaxPendingConnections(mostVisitors);
    connect(&m_server, &QTcpServer::pendingConnectionAvailable, this, &LoopbackRedirect::accept);
}

LoopbackRedirect::~LoopbackRedirect() = default;

bool LoopbackRedirect::listen()
{
    return m_server.listen(QHostAddress::LocalHost);
}

QUrl LoopbackRedirect::url() const
{
    QUrl url;
    url.setScheme(u"http"_s);
    url.setHost(u"127.0.0.1"_s);
    url.setPort(m_server.serverPort());
    url.setPath(path);
    return url;
}

void LoopbackRedirect::accept()
{
    while (QTcpSocket *socket = m_server.nextPendingConnection()) {
        // The page is on its way when this object has done its work already.
        socket->setParent(parent());
        socket->setReadBufferSize(longestHead);
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        QTimer::singleShot(longestVisit, socket, &QObject::deleteLater);
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
        read(socket);
    }
}

void LoopbackRedirect::read(QTcpSocket *socket)
{
    const QByteArray bytes = socket->peek(longestHead);
    const qsizetype end = bytes.indexOf("\r\n\r\n");
    if (end < 0) {
        if (bytes.size() == longestHead)
            answer(socket, 400, {});
        return;
    }
    const auto head = headOf(bytes.first(end));
    const QUrl here = url();
    if (!head || head->host != here.authority().toLatin1())
        return answer(socket, 400, {});
    const QUrl target(QString::fromLatin1(head->target));
    if (m_over || target.path() != path)
        return answer(socket, 404, {});
    if (head->method != "GET")
        return answer(socket, 405, {});
    const QUrlQuery query(target);
    if (!isSame(field(query, u"state"_s).toUtf8(), m_state))
        return answer(socket, 400, m_page.failed);

    m_over = true;
    m_server.close();
    if (const QString word = field(query, u"error"_s); !word.isEmpty()) {
        answer(socket, 200, m_page.failed);
        Q_EMIT arrived(std::unexpected(oauthError(word, field(query, u"error_description"_s))));
    } else if (const QByteArray code = field(query, u"code"_s).toUtf8(); !code.isEmpty()) {
        answer(socket, 200, m_page.signedIn);
        Q_EMIT arrived(code);
    } else {
        answer(socket, 400, m_page.failed);
        Q_EMIT arrived(std::unexpected(NetError{.kind = NetError::Kind::Protocol,
                                                .code = oauthcode::BadTokenAnswer,
                                                .message = u"The sign-in brought back no code"_s}));
    }
}

// The page neither runs nor loads anything, and its address, which holds the code, is told to nobody.
void LoopbackRedirect::answer(QTcpSocket *socket, int status, const QString &sentence)
{
    socket->disconnect(this);
    QByteArray body;
    if (!sentence.isEmpty()) {
        const QString direction = m_page.rightToLeft ? u"rtl"_s : u"ltr"_s;
        body = u"<!DOCTYPE html>\n<html dir=\"%1\"><head><meta charset=\"utf-8\"><title>%2</title></head>"
               u"<body><p>%3</p></body></html>\n"_s
                   .arg(direction, m_page.title.toHtmlEscaped(), sentence.toHtmlEscaped())
                   .toUtf8();
    }
    QByteArray head = "HTTP/1.1 " + QByteArray::number(status) + ' ' + reasonOf(status) + "\r\n";
    head += "Content-Type: text/html; charset=utf-8\r\n"
            "Content-Length: "
        + QByteArray::number(body.size())
        + "\r\nCache-Control: no-store\r\n"
          "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
          "Referrer-Policy: no-referrer\r\n"
          "X-Content-Type-Options: nosniff\r\n"
          "Connection: close\r\n\r\n";
    socket->write(head + body);
    socket->disconnectFromHost();
}

} // namespace rivulet
