// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "net/providers/modellist.h"

#include "net/dialects/dialectregistry.h"
#include "net/dialects/errorbody.h"
#include "net/providers/fetch.h"

#include <QtCore/qpointer.h>

#include <utility>

namespace rivulet {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
constexpr TransportTimeouts Limits{.head = 20s, .idle = 20s};
}

struct ModelList::State
{
    Transport &transport;
    QPointer<TransportCall> call;
};

ModelList::ModelList(Transport &transport, QObject *parent)
    : QObject(parent), m_state(new State{transport, nullptr})
{}

ModelList::~ModelList() = default;

void ModelList::start(const Provider &provider, const QByteArray &apiKey)
{
    cancel();
    const std::shared_ptr<const Dialect> dialect = makeDialect(provider.dialect);
    const auto request = dialect->modelsRequest({.baseUrl = provider.baseUrl, .apiKey = apiKey});
    if (!request) {
        QMetaObject::invokeMethod(this, [this] { Q_EMIT finished({}); }, Qt::QueuedConnection);
        return;
    }
    m_state->call = fetch(m_state->transport.through(profileOf(provider)), *request, Limits, this,
                          [this, dialect](const std::expected<Fetched, NetError> &answer) {
                              if (!answer) {
                                  Q_EMIT failed(answer.error());
                                  return;
                              }
                              const auto &[head, body] = *answer;
                              const bool isSuccess = head.status >= 200 && head.status < 300;
                              if (!isSuccess) {
                                  Q_EMIT failed(dialect->errorFor(head, body));
                              } else if (const auto models = dialect->models(body)) {
                                  QStringList ids;
                                  for (const ListedModel &model : *models)
                                      ids.append(model.id);
                                  Q_EMIT finished(ids);
                              } else {
                                  const QString words = u"The answer is not a list of models: "_s;
                                  Q_EMIT failed({.kind = NetError::Kind::Protocol,
                                                 .status = head.status,
                                                 .message = words + excerpt(body)});
                              }
                          });
}

void ModelList::cancel()
{
    if (TransportCall *call = std::exchange(m_state->call, nullptr)) {
        call->abort();
        call->deleteLater();
    }
}

} // namespace rivulet
