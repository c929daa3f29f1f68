#include "cli/interrupt.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

namespace lockstorm::cli {
namespace {

// All that a signal handler can see. It may run in any thread between any two instructions, so it reads
// nothing but these, calls only what POSIX lists as async-signal-safe, and allocates nothing. The name is
// written before the handler is installed.
struct State {
  std::array<char, 32> command{};
  bool on_terminal = false;
  std::atomic<int> waiting_for{0};  ///< how many InterruptsWait live
  std::atomic<int> passing{0};      ///< how many InterruptsPass live
  std::atomic<int> pending{0};      ///< a signal that came meanwhile
  std::atomic<bool> told{false};
  std::atomic<std::size_t> done{0};
  std::atomic<std::size_t> total{0};
  std::atomic<std::size_t> files{0};
  bool pipe_may_kill = false;  ///< the caller does not have SIGPIPE ignored
  std::atomic<bool> pipe_is_broken{false};
};
static_assert(std::atomic<std::size_t>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

State state;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): a handler takes no argument

// A message in memory that is there already.
class Message {
 public:
  Message& operator<<(const char* text) {
    const std::size_t length = std::min(std::strlen(text), text_.size() - length_);
    std::copy_n(text, length, text_.begin() + static_cast<std::ptrdiff_t>(length_));
    length_ += length;
    return *this;
  }
  Message& operator<<(std::size_t number) {
    std::array<char, 24> digits{};
    std::size_t at = digits.size() - 1;
    do {
      digits[--at] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number > 0);
    return *this << &digits[at];
  }
  void send() const {
    if (::write(STDERR_FILENO, text_.data(), length_) < 0) return;  // then there is nobody to tell
  }

 private:
  std::array<char, 256> text_{};
  std::size_t length_ = 0;
};

const char* name_of(int signal) {
  return signal == SIGINT ? "SIGINT" : signal == SIGHUP ? "SIGHUP" : "SIGTERM";
}

void tell(int signal) {
  if (state.told.exchange(true)) return;
  Message message;
  if (state.on_terminal) message << "\r\x1b[K";  // a line of progress may stand there
  message << "lockstorm: interrupted by " << name_of(signal) << ": `" << state.command.data()
          << "` was stopped";
  if (const std::size_t total = state.total; total > 0)
    message << " with " << state.done.load() << " of " << total << " done";
  if (const std::size_t files = state.files; files > 0) {
    message << "; " << files << (files == 1 ? " result file is" : " result files are")
            << " whole, no other was written\n";
  } else {
    message << "; no result was written\n";
  }
  message.send();
}

void end_by(int signal) {
  struct sigaction usual{};
  usual.sa_handler = SIG_DFL;
  ::sigaction(signal, &usual, nullptr);
  sigset_t only;
  ::sigemptyset(&only);
  ::sigaddset(&only, signal);
  ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  ::raise(signal);
}

void die_of(int signal) {
  tell(signal);
  end_by(signal);
}

// First the note, then the look at who waits; InterruptsWait does it in the other order, so one of them sees
// it.
extern "C" void on_interrupt(int signal) {
  const int error = errno;
  state.pending = signal;
  if (state.waiting_for == 0 || state.passing > 0) die_of(signal);
  errno = error;
}

}  // namespace

void prepare_standard_streams() {
  // Opened the wrong way round: reading or writing fails as it does with what is closed.
  for (const auto& [descriptor, mode] :
       {std::pair(STDIN_FILENO, O_WRONLY), std::pair(STDOUT_FILENO, O_RDONLY),
        std::pair(STDERR_FILENO, O_WRONLY)}) {
    if (::fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF) continue;
    if (const int opened = ::open("/dev/null", mode); opened >= 0 && opened != descriptor) {
      ::dup2(opened, descriptor);
      ::close(opened);
    }
  }
  // What cannot be written is an error of writing.
  struct sigaction ignored{};
  ignored.sa_handler = SIG_IGN;
  ::sigaction(SIGXFSZ, &ignored, nullptr);
  struct sigaction before{};
  ::sigaction(SIGPIPE, &ignored, &before);
  state.pipe_may_kill = before.sa_handler == SIG_DFL;
}

void note_broken_pipe() { state.pipe_is_broken = true; }

bool ends_by_broken_pipe() { return state.pipe_is_broken && state.pipe_may_kill; }

void end_by_broken_pipe() {
  if (ends_by_broken_pipe()) end_by(SIGPIPE);
}

void tell_of_interrupts(std::string_view command) {
  const std::size_t length = std::min(command.size(), state.command.size() - 1);
  std::copy_n(command.begin(), length, state.command.begin());
  state.on_terminal = ::isatty(STDERR_FILENO) != 0;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before{};
    ::sigaction(signal, nullptr, &before);
    if (before.sa_handler == SIG_IGN) continue;
    struct sigaction told{};
    told.sa_handler = on_interrupt;
    told.sa_flags = SA_RESTART | SA_ONSTACK;  // a thread that runs fibers has a stack for it
    ::sigaction(signal, &told, nullptr);
  }
}

void note_progress(std::size_t done, std::size_t total) {
  state.done = done;
  state.total = total;
}

void note_written_file() { ++state.files; }

InterruptsWait::InterruptsWait() { ++state.waiting_for; }

InterruptsWait::~InterruptsWait() {
  if (--state.waiting_for > 0) return;
  if (const int signal = state.pending.exchange(0); signal != 0) die_of(signal);
}

InterruptsPass::InterruptsPass() {
  ++state.passing;
  if (const int signal = state.pending.exchange(0); signal != 0) die_of(signal);
}

InterruptsPass::~InterruptsPass() { --state.passing; }

}  // namespace lockstorm::cli
