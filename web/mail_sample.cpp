#include "web/mail_sample.h"

#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

using nlohmann::json;

// The variables of the last mail of that message, else of the last of any.
json LastVariables(storage::Session& session, std::int64_t project, const std::string& message,
                   bool& same) {
  json found = json::object();
  same = false;
  for (const auto& row : storage::OutboxOf(session, project, "mail")) {  // oldest first
    if (row.act.empty() || !row.payload.is_object() || !row.payload.contains("title")) continue;
    if (same && row.topic != message) continue;
    same = row.topic == message;
    found = row.payload;
  }
  for (const char* own : {"rewritten", "hand", "standing_for", "news", "again_of", "role"}) {
    found.erase(own);
  }
  return found;
}

std::string NameOfPerson(storage::Session& session, std::int64_t id) {
  const auto person = storage::FindPerson(session, id);
  return person ? NameOf(*person) : "";
}

}  // namespace

storage::OutboxRow SampleMail(storage::Session& session, const Rails& rails,
                              const storage::Call& call, const storage::Project& project,
                              const std::string& message, const storage::Person& reader,
                              std::int64_t now) {
  bool same = false;
  json variables = LastVariables(session, project.id, message, same);
  const auto give = [&](const char* name, const std::string& text) {
    const auto known = variables.find(name);
    const bool said = known != variables.end() && known->is_string() && *known != "";
    if (!said && !text.empty()) variables[name] = text;
  };
  const auto collection = storage::FindCollection(session, project.collection);
  variables["number"] = project.number;
  variables["title"] = project.title;
  variables["collection"] = collection ? collection->label : "Sans collection";
  variables["call"] = call.title;
  variables["recipient"] = NameOf(reader);
  if (!same) {
    variables["state"] = rails.Labels(project.states, true);
    variables["public_state"] = rails.Labels(project.states, false);
    variables["date"] = workflows::FrenchDate(now);
    variables["due"] = project.due_at > now ? workflows::FrenchDate(project.due_at) : "";
    variables["reason"] = "";
    variables["items"] = json::array();
    for (const char* leads : {"action", "tab"}) variables.erase(leads);  // where another mail led
  }
  give("state", rails.Labels(project.states, true));
  give("public_state", rails.Labels(project.states, false));
  give("holder", NameOfPerson(session, project.holder));
  give("actor", NameOf(reader));
  give("contact", reader.email);
  give("next", "Exemple de ce qui est attendu ensuite");
  give("date", workflows::FrenchDate(now));
  give("due", workflows::FrenchDate(now + 14LL * 24 * 3600 * 1000));
  give("reason", "Exemple de motif.\nSur deux lignes.");
  if (!variables.contains("items") || variables["items"].empty()) {
    variables["items"] = {{{"label", "Exemple de réponse"}, {"value", "Ce qui a été répondu"}},
                          {{"label", "Autre exemple"}, {"value", "Une seconde réponse"}}};
  }
  storage::OutboxRow row;
  row.kind = "mail";
  row.key = "essai";
  row.project = project.id;
  row.topic = message;
  row.person = reader.id;
  row.address = reader.email;
  row.payload = std::move(variables);
  return row;
}

}  // namespace aiguillage::web
