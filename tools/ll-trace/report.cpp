#include "report.h"

#include "calls.h"
#include "core/mem.h"
#include "os/kernel/process.h"
#include "page.h"
#include "record.h"
#include "refusals.h"

namespace ll {

void Sink::flush() {
  for (size_t at = 0; at < used_ && error_ == 0;) {
    const long written = sys::write(descriptor_, bytes_ + at, used_ - at);
    if (written == -uapi::kEINTR) continue;
    if (written <= 0) error_ = written < 0 ? written : -uapi::kENOSPC;
    if (written > 0) at += static_cast<size_t>(written);
  }
  used_ = 0;
}

void Sink::raw(Text text) {
  while (!text.empty()) {
    const Text part = text.first(sizeof bytes_ - used_);
    memcpy(bytes_ + used_, part.data, part.size);
    used_ += part.size;
    text = text.from(part.size);
    if (used_ == sizeof bytes_) flush();
  }
}

void Sink::json(Text text) {
  size_t start = 0;
  for (size_t i = 0; i < text.size; i++) {
    const char byte = text[i];
    if (byte != '<' && byte != '>' && byte != '&') continue;
    raw(text.from(start).first(i - start));
    raw(byte == '<' ? "\\u003c"_t : byte == '>' ? "\\u003e"_t : "\\u0026"_t);
    start = i + 1;
  }
  raw(text.from(start));
}

long Sink::end() {
  flush();
  return error_;
}

namespace {

// A file is written anew; what is no file has what came before already.
bool begin_again(int descriptor) {
  return sys::seek(descriptor, 0, 0) == 0 && sys::cut_file(descriptor) >= 0;
}

}  // namespace

void write_report(const TraceContext &sandbox, const TraceRequest &request, int descriptor) {
  static constinit uint64_t written = 0;
  const uint64_t changes = 1 + record.changes + refusals.count;
  if (descriptor < 0 || written == changes) return;
  const bool again = begin_again(descriptor);
  if (written != 0 && !again) return;
  written = changes;
  static constinit Sink sink{};
  sink.begin(descriptor);
  switch (request.report_form) {
    case ReportForm::Text: write_text_report(sandbox, sink); break;
    case ReportForm::Json: write_json_report(sandbox, sink); break;
    case ReportForm::Page:
      sink.raw(c_text(kPageHead));
      write_json_report(sandbox, sink);
      sink.raw(c_text(kPageTail));
  }
  const long error = sink.end();
  if (error == 0) return;
  Diagnostic problem;
  problem.fail(request.report_at, "cannot write the report to %: %", request.report, Error{error});
  warn(sandbox.policy, problem);
}

}  // namespace ll
