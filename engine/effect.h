// What a macrostep asks of the world, in the order of the Recommendation. The engine only says it;
// the desk writes it as rows in the same transaction, and workers carry it out afterwards.
//
//   <aap:mail template="framing_validated" to="project_holder designer"/>  inside lead_review gives
//   CustomEffect{"mail", {{"template","framing_validated"},{"to","project_holder designer"}}, {},
//                "lead_review", 42}
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>

namespace aiguillage::engine {

// <send> that leaves the session or waits (SCXML 6.2). delay_ms is from the instant of the step.
struct SendEffect {
  std::string id;
  std::string event;
  std::string target;
  std::string type;
  nlohmann::json data;
  std::int64_t delay_ms = 0;
  std::string session;  // which session sent it: the root's id, or that of an invoked child
  std::string origin;   // _event.origin and so on of the event to come: see EventOf
  std::string raw;
  bool named = false;  // the id was given by the document: it shows as _event.sendid
  bool exact = false;  // data is Value::ToJson(), tags included
};

// <cancel> (SCXML 6.3): withdraws the delayed send of that id.
struct CancelEffect {
  std::string send_id;
  std::string session;  // only sends of this session
};

// An element of a foreign namespace used as executable content: ours is urn:aiguillage:aap:1.
struct CustomEffect {
  std::string name;                               // local name: mail, deadline, ds, grant, …
  std::map<std::string, std::string> attributes;  // as written
  std::map<std::string, nlohmann::json> values;   // attributes ending in "expr", evaluated: key
                                                  // "people" for peopleexpr="…"
  std::string owner;                              // id of the state that contains it
  int line = 0;                                   // in the document, for coverage and messages
};

// <log> (SCXML 4.7).
struct LogEffect {
  std::string label;
  nlohmann::json value;
};

using Effect = std::variant<SendEffect, CancelEffect, CustomEffect, LogEffect>;

}  // namespace aiguillage::engine
