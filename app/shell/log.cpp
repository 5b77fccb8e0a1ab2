// SPDX-FileCopyrightText: 2026 The Rivulet authors
// SPDX-License-Identifier: Apache-2.0
#include "app/shell/log.h"

#include "app/shell/redaction.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qthread.h>

#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <utility>
#include <vector>

namespace rivulet {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestMessage = 16 * 1024;

// What writing the log says about itself would never end.
thread_local bool isLogThread = false;

struct Record
{
    qint64 time = 0; ///< milliseconds since 1970
    QtMsgType type = QtInfoMsg;
    QString category;
    QString thread;
    QString message;

    [[nodiscard]] qint64 size() const { return 2 * message.size() + 128; }
};

// Qt's own numbers are not in order: info is the highest.
int severityOf(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return 0;
    case QtInfoMsg:
        return 1;
    case QtWarningMsg:
        return 2;
    case QtCriticalMsg:
        return 3;
    case QtFatalMsg:
        break;
    }
    return 4;
}

QByteArrayView nameOf(QtMsgType type)
{
    constexpr const char *names[] = {"debug", "info", "warning", "error", "fatal"};
    return names[severityOf(type)];
}

QByteArray toJsonString(const QString &text)
{
    const QByteArray array = QJsonDocument(QJsonArray{text}).toJson(QJsonDocument::Compact);
    return array.sliced(1, array.size() - 2);
}

QString shortened(const QString &text)
{
    if (text.size() <= longestMessage)
        return text;
    return text.first(longestMessage) + u"… and %1 more characters"_s.arg(text.size() - longestMessage);
}

QByteArray lineOf(const Record &record, const QString &message)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(record.time, QTimeZone::UTC);
    return "{\"time\":\"" + time.toString(Qt::ISODateWithMs).toLatin1() + "\",\"level\":\""
        + nameOf(record.type) + "\",\"category\":" + toJsonString(record.category)
        + ",\"thread\":" + toJsonString(record.thread) + ",\"message\":" + toJsonString(message) + "}\n";
}

QString nameOfThisThread()
{
    const QThread *thread = QThread::currentThread();
    if (thread->isMainThread())
        return u"main"_s;
    return thread->objectName().isEmpty() ? u"unnamed"_s : thread->objectName();
}

} // namespace

/// The queue and the thread that empties it. The handler keeps it alive while it uses it.
class Log::Writer
{
public:
    Writer(const QString &folder, const QString &name, const LogOptions &options)
        : m_base(folder + u'/' + name), m_options(options), m_file(path(0)),
          m_thread(QThread::create([this] { run(); }))
    {
        m_thread->setObjectName(u"log"_s);
        m_thread->start(QThread::LowPriority);
    }

    ~Writer()
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_ending = true;
        }
        m_wake.notify_all();
        m_thread->wait();
    }
    Q_DISABLE_COPY_MOVE(Writer)

    void push(Record record)
    {
        {
            const std::scoped_lock lock(m_mutex);
            if (m_waiting + record.size() > m_options.backlog) {
                ++m_lost;
                return;
            }
            m_waiting += record.size();
            m_queue.push_back(std::move(record));
        }
        m_wake.notify_one();
    }

    bool flush(std::chrono::milliseconds limit)
    {
        std::unique_lock lock(m_mutex);
        return m_written.wait_for(lock, limit, [this] { return m_queue.empty() && !m_busy; });
    }

    QString error()
    {
        const std::scoped_lock lock(m_mutex);
        return m_error;
    }

    // The current file is number 0.
    [[nodiscard]] QString path(int number) const
    {
        return m_base + (number == 0 ? QString() : u".%1"_s.arg(number)) + ".log"_L1;
    }
    [[nodiscard]] int fileCount() const { return m_options.files; }

    // From install() to uninstall() it takes what Qt's logging says.
    static void install(const std::shared_ptr<Writer> &writer);
    static void uninstall();

private:
    // The writer in use. Messages come from every thread, also while a log ends.
    struct Current
    {
        std::mutex mutex;
        std::shared_ptr<Writer> writer;
        QtMessageHandler handlerBefore = nullptr;
    };
    static Current &current();
    static void handle(QtMsgType type, const QMessageLogContext &context, const QString &message) noexcept;

    void run();
    void write(const std::vector<Record> &records, quint64 lost);
    void append(const QByteArray &line);
    bool open();
    void rotate();

    const QString m_base;
    const LogOptions m_options;

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::condition_variable m_written;
    std::vector<Record> m_queue;
    qint64 m_waiting = 0; ///< bytes of what is in the queue
    quint64 m_lost = 0;   ///< messages that found no room in it
    QString m_error;
    bool m_busy = false;
    bool m_ending = false;

    QFile m_file;      ///< the writing thread's
    QString m_trouble; ///< the writing thread's
    std::unique_ptr<QThread> m_thread;
};

void Log::Writer::run()
{
    isLogThread = true;
    std::unique_lock lock(m_mutex);
    while (true) {
        m_wake.wait(lock, [this] { return m_ending || !m_queue.empty(); });
        if (m_queue.empty())
            return;
        const std::vector<Record> records = std::exchange(m_queue, {});
        const quint64 lost = std::exchange(m_lost, 0);
        m_waiting = 0;
        m_busy = true;

        lock.unlock();
        write(records, lost);
        lock.lock();

        m_error = m_trouble;
        m_busy = false;
        m_written.notify_all();
    }
}

void Log::Writer::write(const std::vector<Record> &records, quint64 lost)
{
    for (const Record &record : records) {
        const QString message = shortened(redacted(record.message));
        append(lineOf(record, message));
        if (m_options.echo && severityOf(record.type) >= severityOf(*m_options.echo)) {
            const QByteArray text = (record.category + ": "_L1 + message).toLocal8Bit() + '\n';
            std::fwrite(text.constData(), 1, size_t(text.size()), stderr);
        }
    }
    if (lost > 0) {
        const Record note{.time = QDateTime::currentMSecsSinceEpoch(),
                          .type = QtWarningMsg,
                          .category = u"rivulet.log"_s,
                          .thread = u"log"_s};
        append(lineOf(note, u"%1 messages came faster than the disk and were left out"_s.arg(lost)));
    }
    if (m_file.isOpen() && !m_file.flush())
        m_trouble = m_file.errorString();
}

void Log::Writer::append(const QByteArray &line)
{
    if (m_options.files < 1)
        return;
    if (m_file.isOpen() && m_file.size() + line.size() > m_options.fileSize)
        rotate();
    if (!m_file.isOpen() && !open())
        return;
    m_trouble = m_file.write(line) == line.size() ? QString() : m_file.errorString();
}

bool Log::Writer::open()
{
    const auto forThisUser = QFile::ReadOwner | QFile::WriteOwner;
    if (!m_file.open(QIODevice::Append, forThisUser)) {
        m_trouble = m_file.errorString();
        return false;
    }
    return true;
}

void Log::Writer::rotate()
{
    m_file.close();
    // Another process with the same log may have been faster.
    if (QFileInfo(path(0)).size() < m_options.fileSize / 2)
        return;
    QFile::remove(path(m_options.files - 1));
    for (int number = m_options.files - 2; number >= 0; --number)
        QFile::rename(path(number), path(number + 1));
}

Log::Writer::Current &Log::Writer::current()
{
    // Never destroyed: threads may still talk while the program's statics go.
    static auto &current = *new Current;
    return current;
}

void Log::Writer::install(const std::shared_ptr<Writer> &writer)
{
    const std::scoped_lock lock(current().mutex);
    current().writer = writer;
    current().handlerBefore = qInstallMessageHandler(handle);
}

void Log::Writer::uninstall()
{
    const std::scoped_lock lock(current().mutex);
    qInstallMessageHandler(current().handlerBefore);
    current().writer.reset();
}

void Log::Writer::handle(QtMsgType type, const QMessageLogContext &context, const QString &message) noexcept
{
    if (isLogThread)
        return;
    try {
        const auto writer = [] {
            const std::scoped_lock lock(current().mutex);
            return current().writer;
        }();
        if (!writer)
            return;
        writer->push({.time = QDateTime::currentMSecsSinceEpoch(),
                      .type = type,
                      .category = QString::fromLatin1(context.category),
                      .thread = nameOfThisThread(),
                      .message = message});
        if (type == QtFatalMsg)
            writer->flush(std::chrono::seconds(1));
    } catch (...) {
        // Out of memory: a message is lost, and the program is not.
    }
}

Log::Log(const QString &folder, const QString &name, const LogOptions &options)
    : m_writer(std::make_shared<Writer>(folder, name, options))
{
    Writer::install(m_writer);
}

Log::~Log()
{
    Writer::uninstall();
}

QString Log::file() const
{
    return m_writer->path(0);
}

QStringList Log::files() const
{
    QStringList files;
    for (int number = 0; number < m_writer->fileCount(); ++number) {
        if (const QString path = m_writer->path(number); QFile::exists(path))
            files.append(path);
    }
    return files;
}

bool Log::flush(std::chrono::milliseconds limit) const
{
    return m_writer->flush(limit);
}

QString Log::error() const
{
    return m_writer->error();
}

} // namespace rivulet
