// <send> and <cancel> (6.2, 6.3) and the SCXML event processor (C.1).
#include <cmath>

#include "engine/session.h"
#include "engine/session_guard.h"

namespace aiguillage::engine {

namespace {

constexpr const char* kScxmlProcessor = "http://www.w3.org/TR/scxml/#SCXMLEventProcessor";

bool IsScxmlProcessor(const std::string& type) {
  return type.empty() || type == "scxml" || type == kScxmlProcessor ||
         type == "http://www.w3.org/TR/scxml/";
}

bool IsKnownTarget(const std::string& target) { return target.empty() || target[0] == '#'; }

// "1.5s", ".5s", "200ms"; negative: it is none.
double Milliseconds(const std::string& text) {
  if (text.empty()) return 0;
  const bool ms = text.ends_with("ms");
  if (!ms && !text.ends_with("s")) return -1;
  const std::string digits = text.substr(0, text.size() - (ms ? 2 : 1));
  if (digits.empty() || digits.find_first_not_of("0123456789.") != std::string::npos) return -1;
  char* end = nullptr;
  const double number = std::strtod(digits.c_str(), &end);
  return *end == '\0' ? std::round(number * (ms ? 1 : 1000)) : -1;
}

QueuedEvent Queued(const Event& event) {
  return {.name = event.name,
          .data = event.exact            ? Value::FromJson(event.data)
                  : event.data.is_null() ? Value()
                                         : Value::FromPlain(event.data),
          .origin = event.origin,
          .send_id = event.send_id,
          .invoke_id = event.invoke_id,
          .origin_type = event.origin_type,
          .raw = event.raw};
}

}  // namespace

void Session::ExecuteSend(const Instruction& instruction) {
  std::string id = Attribute(instruction, "id");
  const bool named = !id.empty() || instruction.location;
  if (id.empty()) id = "send." + std::to_string(next_id_++);
  bool sent = false;
  const bool well = Guarded(
      [&] {
        if (instruction.location) {
          machine_.Assign(instruction.location.program(), heap_.MakeString(id));
        }
        SendEffect effect;
        effect.id = id;
        effect.named = named;
        effect.event = Computed(instruction, "event");
        effect.target = Computed(instruction, "target");
        effect.type = Computed(instruction, "type");
        const double delay = Milliseconds(Computed(instruction, "delay"));
        Value data;
        std::string raw;
        if (!BuildPayload(instruction.payload, data, raw, true)) throw BlockStopped();
        if (delay < 0) machine_.Throw("RangeError", "<send> needs a delay such as 1.5s or 200ms");
        if (!IsScxmlProcessor(effect.type)) {
          machine_.Throw("TypeError", "no event processor is called " + effect.type);
        }
        if (!IsKnownTarget(effect.target)) {
          machine_.Throw("TypeError", effect.target + " is not a target");
        }
        if (delay > 0 && effect.target == "#_internal") {
          machine_.Throw("TypeError", "what is sent to #_internal cannot wait");
        }
        sent = true;
        effect.delay_ms = static_cast<std::int64_t>(delay);
        effect.session = session_id_;
        effect.origin = Location();
        effect.raw = raw;
        if (delay > 0) {
          effect.data = data.ToJson();
          effect.exact = true;
          return Emit(std::move(effect));
        }
        SendNow(effect.target,
                {.name = effect.event,
                 .data = std::move(data),
                 .origin = effect.origin,
                 .send_id = named ? id : "",
                 .invoke_id = {},
                 .origin_type = kScxmlProcessor,
                 .raw = raw},
                named ? id : "");
      },
      named ? id : "");
  if (!well && !sent) throw BlockStopped();
}

void Session::SendNow(const std::string& target, QueuedEvent event, const std::string& send_id) {
  if (target == "#_internal") {
    Raise(event.name, LiveEvent::Type::kInternal, event.send_id);
    internal_.back().data = std::move(event.data);
    return;
  }
  Session* to = nullptr;
  if (target.empty()) {
    to = this;
  } else if (target == "#_parent") {
    to = parent_;
    event.invoke_id = invoke_id_;
    if (cancelled_) return;  // 6.4.3: nothing of a cancelled session reaches its parent
  } else if (target.starts_with("#_scxml_")) {
    to = run_.root->Find(target.substr(8));
  } else if (target.starts_with("#_")) {
    to = FindChild(target.substr(2));
  }
  if (!to) return RaiseCommunication("nobody is at " + target, send_id);
  to->Enqueue(std::move(event));
}

void Session::ExecuteCancel(const Instruction& instruction) {
  Emit(CancelEffect{Computed(instruction, "sendid"), session_id_});
}

void Session::React(const Event& event) {
  if (event.session.empty() && queue_.empty() && invoked_.empty() && running_) {
    return TakeExternal(Queued(event));
  }
  Receive(event);
  ProcessNext();
}

// An event of the outside, or a delayed <send> whose time has come.
void Session::Receive(const Event& event) {
  QueuedEvent queued = Queued(event);
  if (event.session.empty()) return Enqueue(std::move(queued));
  Session* from = Find(event.session);
  if (!from) return;  // its session has ended: 6.3 and 6.4.3 let its sends die with it
  from->SendNow(event.target, std::move(queued), event.send_id);
}

Event EventOf(const SendEffect& send) {
  Event event;
  event.name = send.event;
  event.data = send.data;
  event.origin = send.origin;
  event.send_id = send.named ? send.id : "";
  event.origin_type = kScxmlProcessor;
  event.session = send.session;
  event.target = send.target;
  event.exact = send.exact;
  event.raw = send.raw;
  return event;
}

}  // namespace aiguillage::engine
