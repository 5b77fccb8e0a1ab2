// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/transport/httptransport.h"

#include "net/framing/gzipdecoder.h"
#include "net/transport/limitedcall.h"
#include "net/transport/proxyrules.h"
#include "net/transport/requestrules.h"

#include <QtCore/qiodevice.h>
#include <QtCore/qpointer.h>
#include <QtNetwork/qhttp1configuration.h>
#include <QtNetwork/qnetworkaccessmanager.h>
#include <QtNetwork/qnetworkreply.h>
#include <QtNetwork/qsslerror.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 ReadBufferSize = 256 * 1024;
// What is inflated at a time: it can become a thousand times as much.
constexpr qint64 CompressedSlice = 4 * 1024;
constexpr qsizetype ConnectionsPerHost = 255;
constexpr qsizetype MaxMessageSize = 4096;

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
        awaitBegin();
    }

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
        // Qt calls the end of a body that lasts until the connection's end an unknown error now and then:
        // when the end is seen between two reads.
        if (m_untilClose && error == QNetworkReply::UnknownNetworkError)
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

QNetworkRequest prepare(const HttpRequest &request)
{
    QNetworkRequest prepared(request.url);
    for (const auto &[name, value] : request.headers)
        prepared.setRawHeader(name, value);
    prepared.setRawHeader("User-Agent", "Rivulet/" RIVULET_VERSION);
    prepared.setRawHeader("Accept-Language", "en");
    prepared.setRawHeader("Accept-Encoding", "gzip");
    prepared.setHeader(QNetworkRequest::ContentLengthHeader, request.body.size());
    prepared.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
    prepared.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    prepared.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    prepared.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    prepared.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    prepared.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    QHttp1Configuration http1;
    http1.setNumberOfConnectionsPerHost(ConnectionsPerHost);
    prepared.setHttp1Configuration(http1);
    return prepared;
}

} // namespace

HttpTransport::HttpTransport() : m_network(std::make_unique<QNetworkAccessManager>())
{
    m_network->setProxyFactory(new ProxyRules);
}

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
    const QNetworkRequest prepared = prepare(request);
    if (request.method == "GET") {
        call->watch(m_network->get(prepared));
    } else {
        auto *body = new OneWayBody(request.body, nullptr);
        QNetworkReply *reply = m_network->sendCustomRequest(prepared, request.method, body);
        body->setParent(reply);
        call->watch(reply);
    }
    return call;
}

} // namespace rivulet
