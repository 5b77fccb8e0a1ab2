// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/interrupt.h"

#include <QtCore/qcoreapplication.h>

#ifdef Q_OS_WIN
#include <QtCore/qt_windows.h>
#else
#include <QtCore/qsocketnotifier.h>

#include <csignal>
#include <fcntl.h>
#include <unistd.h>
#endif

namespace rivulet::cli {

#ifdef Q_OS_WIN

namespace {

Interrupt *current = nullptr;

// Called on a thread of the system's own.
BOOL WINAPI handle(DWORD event)
{
    if ((event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT) || !current)
        return FALSE;
    QMetaObject::invokeMethod(current, &Interrupt::requested, Qt::QueuedConnection);
    current = nullptr;
    return TRUE;
}

} // namespace

Interrupt::Interrupt(QObject *parent) : QObject(parent)
{
    SetConsoleCtrlHandler(handle, TRUE);
    listenAgain();
}

void Interrupt::listenAgain()
{
    current = this;
}

Interrupt::~Interrupt()
{
    SetConsoleCtrlHandler(handle, FALSE);
    current = nullptr;
}

#else

namespace {

// A signal handler may do next to nothing; it writes a byte, and the event loop finds it.
int pipeEnds[2] = {-1, -1};

void handle(int)
{
    const char byte = 0;
    [[maybe_unused]] const auto written = ::write(pipeEnds[1], &byte, 1);
}

constexpr int handledSignals[] = {SIGINT, SIGTERM};

} // namespace

Interrupt::Interrupt(QObject *parent) : QObject(parent)
{
    if (::pipe(pipeEnds) != 0)
        return;
    for (const int end : pipeEnds) {
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
        ::fcntl(end, F_SETFL, O_NONBLOCK);
    }
    auto *notifier = new QSocketNotifier(pipeEnds[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [this] {
        char byte = 0;
        while (::read(pipeEnds[0], &byte, 1) > 0) {}
        Q_EMIT requested();
    });
    listenAgain();
}

void Interrupt::listenAgain()
{
    struct sigaction action{};
    action.sa_handler = handle;
    action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
    for (const int signal : handledSignals)
        ::sigaction(signal, &action, nullptr);
}

Interrupt::~Interrupt()
{
    for (const int signal : handledSignals)
        ::signal(signal, SIG_DFL);
    for (int &end : pipeEnds) {
        if (end >= 0)
            ::close(end);
        end = -1;
    }
}

#endif

} // namespace rivulet::cli
