#include "web/cli/describe.h"

#include <sstream>

#include "web/cli/workplace.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

using nlohmann::json;

json DescribeProject(const storage::Project& project) {
  return {{"number", project.number},
          {"title", project.title},
          {"call", project.call},
          {"collection", project.collection},
          {"states", SplitWords(project.states)},
          {"file_holder", project.file_holder},
          {"since", Instant(project.since_at)},
          {"due", Instant(project.due_at)},
          {"version", project.version}};
}

json DescribeAction(const workflows::ActionFor& action) {
  return {{"id", action.action.id},         {"label", action.action.label},
          {"roles", action.action.roles},   {"form", action.action.form},
          {"locked", action.action.locked}, {"mine", action.mine},
          {"reason", action.reason},        {"who", action.who}};
}

json DescribeTask(const storage::Task& task) {
  return {{"id", task.id},
          {"state", task.state},
          {"action", task.action},
          {"label", task.label},
          {"role", task.role},
          {"assignee", task.assignee},
          {"status", task.status},
          {"since", Instant(task.since_at)},
          {"due", Instant(task.due_at)},
          {"version", task.version}};
}

json DescribeDocument(const storage::Document& document) {
  return {{"form", document.form},
          {"version", document.version},
          {"at", Instant(document.at)},
          {"taken_back", document.taken_back},
          {"answers", document.answers}};
}

json DescribeOutbox(const storage::OutboxRow& row) {
  return {{"id", row.id},
          {"topic", row.topic},
          {"address", row.address},
          {"copy", row.copy},
          {"status", row.status},
          {"detail", row.detail},
          {"act", row.act},
          {"created", Instant(row.created_at)},
          {"not_before", Instant(row.not_before)},
          {"done", Instant(row.done_at)}};
}

json DescribeJournal(const storage::JournalRow& row) {
  return {{"seq", row.seq},
          {"act", row.act},
          {"action", row.action},
          {"role", row.role},
          {"person", row.person},
          {"on_behalf_of", row.on_behalf_of},
          {"at", Instant(row.at)},
          {"states", SplitWords(row.states)},
          {"definition", row.definition},
          {"hash", row.hash},
          {"erased", row.erased}};
}

std::vector<std::string> SplitWords(const std::string& words) {
  std::istringstream in(words);
  std::vector<std::string> list;
  for (std::string word; in >> word;) list.push_back(word);
  return list;
}

json Instant(std::int64_t at) { return at == 0 ? json(nullptr) : json(workflows::IsoInstant(at)); }

json ParseBounded(const std::string& text, const std::string& source) {
  bool too_deep = false;
  const json parsed = json::parse(
      text,
      [&](int depth, json::parse_event_t, json&) {
        too_deep = too_deep || depth > 64;
        return !too_deep;
      },
      false);
  if (too_deep || parsed.is_discarded()) {
    throw Refused({"bad_json",
                   source + (too_deep ? " : plus de 64 niveaux." : " : JSON illisible ou tronqué."),
                   {}});
  }
  return parsed;
}

}  // namespace aiguillage::web
