// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0

// What ThreadSanitizer can not see: a call that is queued for another thread happens before it is carried out
// there. The queue and its lock are in the system's Qt, which is not instrumented, so that everything a
// queued call holds would look like a race; and so would what a thread leaves behind to whoever waited for
// its end. This takes the place of Qt's own functions in programs that are built with ThreadSanitizer, tells
// it of the order, and does nothing else.
#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qobject.h>
#include <QtCore/qthread.h>

#include <sanitizer/tsan_interface.h>

#include <dlfcn.h>

namespace {

// What calls did happens before whoever waited for them goes on.
int returned = 0;

/// A call with the order in which it was handed over.
struct HandedOver final : QtPrivate::QSlotObjectBase
{
    explicit HandedOver(QtPrivate::QSlotObjectBase *theCall) : QSlotObjectBase(&carryOut), call(theCall) {}

    static void carryOut(int which, QSlotObjectBase *self, QObject *receiver, void **arguments, bool *equal)
    {
        __tsan_acquire(self);
        auto *handed = static_cast<HandedOver *>(self);
        switch (which) {
        case Destroy:
            handed->call->destroyIfLastRef();
            delete handed;
            break;
        case Call:
            handed->call->call(receiver, arguments);
            __tsan_release(self);
            __tsan_release(&returned);
            break;
        case Compare:
            *equal = false;
            break;
        default:
            break;
        }
    }

    QtPrivate::QSlotObjectBase *call;
};

} // namespace

bool QMetaObject::invokeMethodImpl(QObject *object, QtPrivate::QSlotObjectBase *slotObj,
                                   Qt::ConnectionType type, qsizetype parameterCount,
                                   const void *const *params, const char *const *names,
                                   const QtPrivate::QMetaTypeInterface *const *metaTypes)
{
    using Function =
        bool (*)(QObject *, QtPrivate::QSlotObjectBase *, Qt::ConnectionType, qsizetype, const void *const *,
                 const char *const *, const QtPrivate::QMetaTypeInterface *const *);
    static const auto own = reinterpret_cast<Function>(
        dlsym(RTLD_NEXT,
              "_ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14"
              "ConnectionTypeExPKPKvPKPKcPKPKNS2_18QMetaTypeInterfaceE"));
    auto *handed = new HandedOver(slotObj);
    __tsan_release(handed);
    const bool done = own(object, handed, type, parameterCount, params, names, metaTypes);
    if (type == Qt::BlockingQueuedConnection)
        __tsan_acquire(&returned);
    return done;
}

bool QThread::wait(QDeadlineTimer deadline)
{
    using Function = bool (*)(QThread *, QDeadlineTimer);
    static const auto own = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "_ZN7QThread4waitE14QDeadlineTimer"));
    const bool done = own(this, deadline);
    if (done)
        __tsan_acquire(&returned);
    return done;
}

void QThread::quit()
{
    using Function = void (*)(QThread *);
    static const auto own = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "_ZN7QThread4quitEv"));
    __tsan_release(&returned);
    own(this);
}
