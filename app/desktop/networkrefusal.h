// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtQml/qqmlnetworkaccessmanagerfactory.h>

namespace rivulet {

/// Gives QML access managers that refuse every request, so that no text of a model, whatever an item makes
/// of it, can make the window fetch something.
class NetworkRefusal : public QQmlNetworkAccessManagerFactory
{
public:
    [[nodiscard]] QNetworkAccessManager *create(QObject *parent) override;
};

} // namespace rivulet
