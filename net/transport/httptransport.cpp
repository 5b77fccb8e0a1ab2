// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/httptransport.h"

#include "net/framing/gzipdecoder.h"
#include "net/transport/limitedcall.h"
#include "net/transport/requestrules.h"
#include "net/transport/stickycookies.h"

#include <QtCore/qiodevice.h>
#include <QtCore/qobject.h>
#include <QtCore/qpointer.h>
#include <QtNetwork/qhttp1configuration.h>
#include <QtNetwork/qhttp2configuration.h>
#include <QtNetwork/qnetworkaccessmanager.h>
#include <QtNetwork/qnetworkreply.h>
#include <QtNetwork/qsslerror.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 ReadBufferSize = 256 * 1024;
// What is inflated at a time: it can become a thousand times as much.
constexpr qint64 CompressedSlice = 4 * 1024;
// As many as Qt takes; a request beyond it would wait for another one's end.
constexpr qsizetype ConnectionsPerHost = 255;
constexpr int MostRunning = 240;
constexpr qsizetype MaxMessageSize = 4096;
// What a server may send ahead over HTTP/2; Qt's own windows are two gigabytes and 200 megabytes.
constexpr unsigned SessionWindow = 4 * 1024 * 1024;
constexpr unsigned StreamWindow = 256 * 1024;
constexpr qsizetype MaxServers = 256;

// A request body that can not be rewound: Qt can not send it a second time.
class OneWayBody final : public QIODevice
{
public:
    OneWayBody(QByteArray body, QObject *parent) : QIODevice(parent), m_body(std::move(body))
    {
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    }

    bool isSequential() const override { return true; }
    bool seek(qint64) override { return false; }
    bool atEnd() const override { return m_read == m_body.size(); }
    qint64 bytesAvailable() const override { return m_body.size() - m_read + QIODevice::bytesAvailable(); }

protected:
    qint64 readData(char *data, qint64 maxSize) override
    {
        if (atEnd())
            return -1;
        const qint64 size = std::min<qint64>(maxSize, m_body.size() - m_read);
        std::copy_n(m_body.constData() + m_read, size, data);
        m_read += size;
        return size;
    }

    qint64 writeData(const char *, qint64) override { return -1; }

private:
    QByteArray m_body;
    qint64 m_read = 0;
};

// Where a redirect points, without what could be a secret in it.
QString placeOf(const QUrl &url)
{
    return url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

NetError errorOf(QNetworkReply::NetworkError error, const QString &message)
{
    using Kind = NetError::Kind;
    const auto make = [&](Kind kind, QLatin1StringView code) {
        return NetError{.kind = kind, .code = code, .message = message.left(MaxMessageSize)};
    };
    switch (error) {
    case QNetworkReply::ConnectionRefusedError:
        return make(Kind::Network, transportcode::ConnectionRefused);
    case QNetworkReply::RemoteHostClosedError:
    case QNetworkReply::ContentReSendError: // closed before an answer: we do not send twice
        return make(Kind::Network, transportcode::ConnectionLost);
    case QNetworkReply::HostNotFoundError:
        return make(Kind::Network, transportcode::HostNotFound);
    case QNetworkReply::TimeoutError:
        return make(Kind::Timeout, transportcode::NoAnswer);
    case QNetworkReply::SslHandshakeFailedError:
        return make(Kind::Network, transportcode::Tls);
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyConnectionClosedError:
    case QNetworkReply::ProxyNotFoundError:
    case QNetworkReply::ProxyTimeoutError:
    case QNetworkReply::ProxyAuthenticationRequiredError:
    case QNetworkReply::UnknownProxyError:
        return make(Kind::Network, transportcode::Proxy);
    case QNetworkReply::ProtocolFailure:
    case QNetworkReply::ProtocolUnknownError:
    case QNetworkReply::ProtocolInvalidOperationError:
    case QNetworkReply::UnknownContentError:
        return make(Kind::Protocol, transportcode::NotHttp);
    default:
        return make(Kind::Network, transportcode::Unreachable);
    }
}

NetError errorOf(DecodeError error)
{
    using Kind = NetError::Kind;
    switch (error) {
    case DecodeError::Bomb:
    case DecodeError::Overflow:
        return {.kind = Kind::TooLarge,
                .code = transportcode::Encoding,
                .message = u"The compressed answer grows beyond all reason"_s};
    case DecodeError::Truncated:
        return {.kind = Kind::Network,
                .code = transportcode::ConnectionLost,
                .message = u"The compressed answer ended too early"_s};
    case DecodeError::Corrupt:
    case DecodeError::None:
        break;
    }
    return {.kind = Kind::Protocol,
            .code = transportcode::Encoding,
            .message = u"The answer is not compressed as it says"_s};
}

class HttpCall final : public LimitedCall
{
public:
    HttpCall(const TransportTimeouts &timeouts, QObject *parent) : LimitedCall(timeouts, parent) {}
    ~HttpCall() override { abort(); }

    // The limit runs from here on, whatever has to be found out before the request begins.
    void await() { awaitBegin(); }

    void watch(QNetworkReply *reply)
    {
        m_reply = reply;
        // A reply with a body to send starts from the event loop, and drops a limit that was set before.
        QMetaObject::invokeMethod(
            reply, [reply] { reply->setReadBufferSize(ReadBufferSize); }, Qt::QueuedConnection);
        connect(m_reply, &QNetworkReply::sslErrors, this, [this](const QList<QSslError> &errors) {
            for (const QSslError &error : errors)
                m_tlsErrors.append(error.errorString());
        });
        // Queued, so that nothing is signalled from inside a caller's open(), abort() or resume().
        connect(m_reply, &QNetworkReply::metaDataChanged, this, &HttpCall::advance, Qt::QueuedConnection);
        connect(m_reply, &QNetworkReply::readyRead, this, &HttpCall::advance, Qt::QueuedConnection);
        connect(m_reply, &QNetworkReply::finished, this, &HttpCall::advance, Qt::QueuedConnection);
    }

    [[nodiscard]] bool isWanted() const { return !isOver(); }

    void abort() override { leave(); }

private:
    void advance() override
    {
        const QPointer<HttpCall> self(this);
        if (isOver() || !m_reply || !signalHead() || !self)
            return;
        while (self && !isOver() && !isPaused() && m_reply->bytesAvailable() > 0) {
            const QByteArray arrived = m_reply->read(m_decoder ? CompressedSlice : ReadBufferSize);
            if (arrived.isEmpty())
                break;
            m_received += arrived.size();
            const QByteArray decoded = m_decoder ? inflated(arrived) : arrived;
            if (!decoded.isEmpty()) {
                noteLife();
                Q_EMIT bytes(decoded, std::exchange(m_received, 0));
            }
            if (self && !isOver() && m_decoder && m_decoder->error() != DecodeError::None)
                fail(errorOf(m_decoder->error()));
        }
        if (self && !isOver() && !isPaused() && m_reply->isFinished())
            end();
    }

    // False where the call ended instead.
    bool signalHead()
    {
        if (hasBegun())
            return true;
        const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        if (status == 0 || (status >= 100 && status < 200)) {
            if (m_reply->isFinished())
                end();
            return false;
        }
        if (status >= 300 && status < 400) {
            const QUrl target = m_reply->url().resolved(
                m_reply->attribute(QNetworkRequest::RedirectionTargetAttribute).toUrl());
            fail({.kind = NetError::Kind::Refused,
                  .status = status,
                  .code = transportcode::Redirect,
                  .message = u"The server sends us on to "_s + placeOf(target)});
            return false;
        }
        ResponseHead response{.status = status, .contentType = {}, .headers = {}};
        for (const auto &[name, value] : m_reply->rawHeaderPairs())
            response.headers.append({name.toLower(), value});
        const auto valueOf = [&](QByteArrayView name) {
            const auto found = std::ranges::find(response.headers, name, &HttpHeaders::value_type::first);
            return found == response.headers.end() ? QByteArray() : found->second;
        };
        response.contentType = valueOf("content-type");
        const QByteArray encoding = valueOf("content-encoding").toLower();
        if (encoding == "gzip" || encoding == "x-gzip" || encoding == "deflate") {
            m_decoder.emplace();
        } else if (!encoding.isEmpty() && encoding != "identity") {
            fail({.kind = NetError::Kind::Protocol,
                  .status = status,
                  .code = transportcode::Encoding,
                  .message = u"The server compressed its answer in a way that it was not asked for: "_s
                      + QString::fromLatin1(encoding.left(100))});
            return false;
        }
        m_untilClose = valueOf("content-length").isEmpty() && valueOf("transfer-encoding").isEmpty();
        begin();
        Q_EMIT head(response);
        return true;
    }

    // What was received, decoded as far as it goes.
    QByteArray inflated(const QByteArray &received)
    {
        QByteArray decoded;
        m_decoder->feed({received.constData(), std::size_t(received.size())}, [&](std::string_view piece) {
            decoded.append(piece.data(), qsizetype(piece.size()));
            m_decoder->taken(piece.size());
        });
        return decoded;
    }

    void end()
    {
        QNetworkReply::NetworkError error = m_reply->error();
        // Qt takes the end of a body that lasts until the connection's end for an error now and then, when
        // the end is seen between two reads: for an unknown one, or for a connection that was lost before the
        // answer, which it would send the request again for, could it read that twice.
        const bool isClosed = error == QNetworkReply::UnknownNetworkError
            || error == QNetworkReply::RemoteHostClosedError || error == QNetworkReply::ContentReSendError;
        if (m_untilClose && isClosed)
            error = QNetworkReply::NoError;
        const bool isStatus = hasBegun()
            && m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() >= 400
            && (error > QNetworkReply::UnknownProxyError && error != QNetworkReply::ContentReSendError);
        if (error == QNetworkReply::NoError || isStatus) {
            if (m_decoder) {
                m_decoder->finish();
                if (m_decoder->error() != DecodeError::None) {
                    fail(errorOf(m_decoder->error()));
                    return;
                }
            }
            finish();
            return;
        }
        const QString message = m_tlsErrors.isEmpty() ? m_reply->errorString() : m_tlsErrors.join("; "_L1);
        fail(errorOf(error, message));
    }

    void expire() override
    {
        fail({.kind = NetError::Kind::Timeout,
              .code = hasBegun() ? transportcode::Silent : transportcode::NoAnswer,
              .message = hasBegun() ? u"The answer stopped coming"_s : u"The server did not answer"_s});
    }

    // What Qt signals from inside QNetworkReply::abort() is queued, and finds the call to be over.
    void release() override
    {
        if (QNetworkReply *reply = std::exchange(m_reply, nullptr)) {
            reply->abort();
            reply->deleteLater();
        }
    }

    QPointer<QNetworkReply> m_reply; ///< gone with its transport
    QStringList m_tlsErrors;
    std::optional<GzipDecoder> m_decoder; ///< of a compressed body
    qint64 m_received = 0;                ///< bytes that nothing came of so far
    bool m_untilClose = false;            ///< nothing but the connection's end tells the body's
};

/// What Qt asks for proxies when a request begins, which may be a turn of the event loop after it was found
/// out.
class FoundProxies final : public QNetworkProxyFactory
{
public:
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override
    {
        const auto found = m_found.constFind(serverOf(query.url()));
        // One that carries nothing fails the request; an empty list would let it go past the proxy.
        return found == m_found.cend() ? QList{QNetworkProxy(QNetworkProxy::FtpCachingProxy)} : *found;
    }

    void put(const QUrl &url, const QList<QNetworkProxy> &proxies)
    {
        const QUrl server = serverOf(url);
        m_order.removeOne(server);
        m_order.append(server);
        if (m_order.size() > MaxServers)
            m_found.remove(m_order.takeFirst());
        m_found.insert(server, proxies);
    }

private:
    QHash<QUrl, QList<QNetworkProxy>> m_found;
    QList<QUrl> m_order; ///< of m_found, the newest last
};

/// One pool of connections.
class ConnectionPool final : public QNetworkAccessManager
{
public:
    ConnectionPool(const NetworkOptions &options, StickyCookies *cookies)
        : m_options(options), m_proxies(new FoundProxies)
    {
        setProxyFactory(m_proxies);
        if (cookies) {
            // The manager would own it, and delete it.
            QObject *owner = cookies->parent();
            setCookieJar(cookies);
            cookies->setParent(owner);
        }
    }

    /// Whether one more request gets a connection at once, and one that is tried again beside it.
    [[nodiscard]] bool hasRoom() const { return m_running < MostRunning; }
    [[nodiscard]] bool isUsed() const { return !findChildren<QNetworkReply *>().isEmpty(); }

    QNetworkReply *send(const HttpRequest &request, const Departure &departure)
    {
        m_proxies->put(request.url, departure.proxies);
        QNetworkRequest prepared(request.url);
        for (const auto &[name, value] : request.headers)
            prepared.setRawHeader(name, value);
        prepared.setRawHeader("User-Agent", "Rivulet/" RIVULET_VERSION);
        prepared.setRawHeader("Accept-Language", "en");
        prepared.setRawHeader("Accept-Encoding", "gzip");
        prepared.setHeader(QNetworkRequest::ContentLengthHeader, request.body.size());
        prepared.setSslConfiguration(departure.tls);
        introduce(prepared, departure.proxies.constFirst());
        QNetworkReply *reply = nullptr;
        if (request.method == "GET") {
            reply = get(prepared);
        } else {
            auto *body = new OneWayBody(request.body, nullptr);
            reply = sendCustomRequest(prepared, request.method, body);
            body->setParent(reply);
        }
        ++m_running;
        connect(reply, &QNetworkReply::finished, this, [this] { --m_running; });
        return reply;
    }

    void preconnect(const QUrl &url, const Departure &departure)
    {
        m_proxies->put(url, departure.proxies);
        if (url.scheme() == "https"_L1)
            connectToHostEncrypted(url.host(), quint16(url.port(443)), departure.tls);
        else
            connectToHost(url.host(), quint16(url.port(80)));
    }

protected:
    // Also comes by here what connects ahead: the settings of the first request are those of a server's whole
    // pool.
    QNetworkReply *createRequest(Operation operation, const QNetworkRequest &request,
                                 QIODevice *body) override
    {
        QNetworkRequest prepared(request);
        const auto control = m_options.cookies ? QNetworkRequest::Automatic : QNetworkRequest::Manual;
        prepared.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
        prepared.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                              QNetworkRequest::ManualRedirectPolicy);
        prepared.setAttribute(QNetworkRequest::CookieLoadControlAttribute, control);
        prepared.setAttribute(QNetworkRequest::CookieSaveControlAttribute, control);
        prepared.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
        prepared.setAttribute(QNetworkRequest::Http2AllowedAttribute, m_options.http2);
        QHttp1Configuration http1;
        http1.setNumberOfConnectionsPerHost(ConnectionsPerHost);
        prepared.setHttp1Configuration(http1);
        if (m_options.http2) {
            QHttp2Configuration http2;
            http2.setSessionReceiveWindowSize(SessionWindow);
            http2.setStreamReceiveWindowSize(StreamWindow);
            http2.setServerPushEnabled(false);
            prepared.setHttp2Configuration(http2);
        }
        return QNetworkAccessManager::createRequest(operation, prepared, body);
    }

private:
    // A body is sent once, so that a proxy that first says no and then takes a password never gets one. Over
    // TLS the proxy is asked for a tunnel first, which has no body, and must not be told here: what is set
    // here goes to the server.
    static void introduce(QNetworkRequest &request, const QNetworkProxy &proxy)
    {
        const bool isRead = proxy.type() == QNetworkProxy::HttpProxy && !proxy.user().isEmpty();
        if (isRead && request.url().scheme() == "http"_L1) {
            const QByteArray words = QString(proxy.user() + u':' + proxy.password()).toUtf8();
            request.setRawHeader("Proxy-Authorization", "Basic " + words.toBase64());
        }
    }

    NetworkOptions m_options;
    FoundProxies *m_proxies; ///< the manager's
    int m_running = 0;       ///< requests
};

} // namespace

struct HttpTransport::Private
{
    std::shared_ptr<NetworkRoute> route;
    std::vector<std::unique_ptr<ConnectionPool>> pools{}; ///< in the order in which they are filled
    int tlsVersion = 0;
    std::vector<std::unique_ptr<ConnectionPool>> retired{}; ///< where calls still run
    std::unique_ptr<QObject> life = std::make_unique<QObject>();

    // Connections that were opened with other certificates are not for new requests.
    ConnectionPool &poolFor(const Departure &departure)
    {
        const auto isUnused = [](const auto &each) { return !each->isUsed(); };
        if (tlsVersion != departure.tlsVersion) {
            std::erase_if(retired, isUnused);
            std::ranges::move(pools, std::back_inserter(retired));
            pools.clear();
            tlsVersion = departure.tlsVersion;
        }
        const auto found = std::ranges::find_if(pools, [](const auto &each) { return each->hasRoom(); });
        if (found != pools.end()) {
            // What a rush has left behind; the next one after it is there for the one to come.
            if (const auto spare = pools.end() - found; spare > 2)
                pools.erase(std::remove_if(found + 2, pools.end(), isUnused), pools.end());
            return **found;
        }
        return *pools.emplace_back(std::make_unique<ConnectionPool>(route->options(), route->cookies()));
    }
};

HttpTransport::HttpTransport(std::shared_ptr<NetworkRoute> route) : d(new Private{.route = std::move(route)})
{}

HttpTransport::~HttpTransport() = default;

TransportCall *HttpTransport::open(const ExchangeRequest &exchange, const TransportTimeouts &timeouts,
                                   QObject *parent)
{
    auto *call = new HttpCall(timeouts, parent);
    if (!std::holds_alternative<HttpRequest>(exchange)) {
        call->refuse({.kind = NetError::Kind::Refused,
                      .code = transportcode::NotCarried,
                      .message = u"HTTP does not carry this"_s});
        return call;
    }
    const auto &request = std::get<HttpRequest>(exchange);
    if (const auto refusal = refusalOf(request)) {
        call->refuse(*refusal);
        return call;
    }
    call->await();
    d->route->prepare(request.url, call,
                      [this, call, request,
                       life = QPointer(d->life.get())](const std::expected<Departure, NetError> &departure) {
                          if (!call->isWanted())
                              return;
                          if (!departure)
                              call->refuse(departure.error());
                          else if (life)
                              call->watch(d->poolFor(*departure).send(request, *departure));
                          else
                              call->refuse({.kind = NetError::Kind::Network});
                      });
    return call;
}

void HttpTransport::preconnect(const QUrl &url)
{
    if (refusalOf(HttpRequest{.url = url}) || !d->route->admitsPreconnect(url))
        return;
    d->route->prepare(url, d->life.get(), [this, url](const std::expected<Departure, NetError> &departure) {
        if (departure)
            d->poolFor(*departure).preconnect(url, *departure);
    });
}

} // namespace rivulet
