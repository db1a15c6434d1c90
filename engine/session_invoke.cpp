// <invoke> (6.4): sessions inside the session, their snapshots inside its snapshot.
#include <algorithm>

#include "engine/session.h"
#include "engine/session_guard.h"

namespace aiguillage::engine {

namespace {

constexpr std::size_t kNested = 8;  // sessions inside sessions

bool IsScxmlType(const std::string& type) {
  return type.empty() || type == "scxml" || type == "http://www.w3.org/TR/scxml/" ||
         type == "http://www.w3.org/TR/scxml";
}

}  // namespace

// The document to run, when it is not written inside the <invoke>.
std::string Session::TextOfInvoke(const Invoke& invoke, bool& failed) {
  failed = false;
  std::string src;
  const auto found = invoke.attributes.find("src");
  if (found != invoke.attributes.end()) src = found->second;
  for (const Param& computed : invoke.computed) {
    if (computed.name == "src") src = EvalText(computed.value);
  }
  if (!src.empty()) {
    const auto text = run_.input.preloaded.find(src);
    if (text != run_.input.preloaded.end()) return text->second;
  } else if (invoke.payload.has_content) {
    Value content = invoke.payload.content;
    if (invoke.payload.content_expr) {
      content = evaluator::Freeze(machine_, Eval(invoke.payload.content_expr));
    }
    if (content.kind() == Value::Kind::kXml || content.kind() == Value::Kind::kString) {
      return content.text();
    }
  }
  failed = true;
  return src;
}

void Session::StartInvoke(const StateNode& state, int index) {
  const Invoke& invoke = state.invokes[static_cast<std::size_t>(index)];
  at_ = invoke.at;
  tag_ = "invoke";
  Guarded([&] {
    Invoked started;
    started.id = invoke.id;
    started.state = state.index;
    started.index = index;
    if (started.id.empty()) started.id = state.id + "." + std::to_string(next_id_++);
    if (invoke.id_location) {
      machine_.Assign(invoke.id_location.program(), heap_.MakeString(started.id));
    }
    const auto written = invoke.attributes.find("type");
    std::string type = written == invoke.attributes.end() ? "" : written->second;
    for (const Param& computed : invoke.computed) {
      if (computed.name == "type") type = EvalText(computed.value);
    }
    if (!IsScxmlType(type)) machine_.Throw("TypeError", "nothing is invoked by " + type);
    Value given;
    std::string raw;
    Payload values = invoke.payload;
    values.has_content = false;
    if (!BuildPayload(values, given, raw, true)) return;
    started.chart = invoke.chart;
    if (!started.chart) {
      bool failed = false;
      started.text = TextOfInvoke(invoke, failed);
      if (!failed && run_.input.read) started.chart = run_.input.read(started.text);
      if (!started.chart)
        return RaiseCommunication("nothing can be invoked from " + started.text, "");
    }
    std::size_t depth = 0;
    for (const Session* at = this; at; at = at->parent_) ++depth;
    if (depth > kNested) machine_.Throw("RangeError", "sessions are invoked too deep");
    started.session =
        std::make_unique<Session>(run_, *started.chart, session_id_ + "." + started.id, this);
    started.session->invoke_id_ = started.id;
    invoked_.push_back(std::move(started));
    // while it begins, its parent must be able to find it
    invoked_.back().session->Begin(given.kind() == Value::Kind::kObject ? given.entries()
                                                                        : Value::Entries());
  });
  Reap();
}

void Session::CancelInvokes(int state) {
  for (Invoked& invoked : invoked_) {
    if (invoked.state != state || !invoked.session) continue;
    invoked.session->cancelled_ = true;
    invoked.session->running_ = false;
    invoked.session->ExitInterpreter();
  }
  std::erase_if(invoked_, [&](const Invoked& invoked) { return invoked.state == state; });
}

void Session::Reap() {
  for (Invoked& invoked : invoked_) {
    if (!invoked.session || !invoked.session->finished_) continue;
    invoked.session.reset();
    invoked.chart.reset();
    invoked.text.clear();
  }
}

}  // namespace aiguillage::engine
