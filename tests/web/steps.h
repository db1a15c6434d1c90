// What tests of a project's pages do again and again: fill a decision page in, move the project on,
// see who was written to. Project 1 of the counter.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "storage/outbox.h"
#include "storage/projects.h"
#include "tests/support/filled_in.h"
#include "tests/web/counter.h"

namespace aiguillage::web {

using nlohmann::json;

inline std::string HiddenIn(const std::string& page, const std::string& name) {
  const std::string mark = "name=\"" + name + "\" value=\"";
  const auto at = page.find(mark);
  if (at == std::string::npos) return "";
  return page.substr(at + mark.size(), page.find('"', at + mark.size()) - at - mark.size());
}

// What a browser sends back of a decision page, with these answers and this button.
inline Fields Filled(const std::string& page, Fields answers, const std::string& button = "act") {
  for (const char* name : {"cle", "tache", "tache_version", "projet_version", "lignes"}) {
    answers.emplace_back(name, HiddenIn(page, name));
  }
  answers.emplace_back("do", button);
  return answers;
}

inline std::string Project(Counter& counter) { return "/projets/" + counter.number(1); }
inline std::string Action(Counter& counter, const std::string& action) {
  return Project(counter) + "/actions/" + action;
}
inline storage::Project Row(Counter& counter) {
  return counter.database().Read(
      [&](storage::Session& session) { return *storage::FindProject(session, counter.number(1)); });
}

inline void Act(Counter& counter, const std::string& who, const std::string& action,
                const json& data) {
  counter.now += 60'000;
  workflows::ActRequest request;
  request.project = counter.number(1);
  request.action = action;
  request.actor = {counter.PersonId(who), ""};
  request.data = data;
  request.now = counter.now;
  const auto answer = counter.services().desk.Act(request);
  ASSERT_TRUE(answer) << action << ": " << answer.refusal().sentence;
}

inline const forms::Form& FormNamed(Counter& counter, const std::string& id) {
  return counter.services().catalog.Newest("mentor")->forms.at(id);
}

inline void ToLeadReview(Counter& counter) {
  Act(counter, "officer", "admissibility.accept",
      test::FilledIn(FormNamed(counter, "admissibility")));
  ASSERT_EQ(Row(counter).state, "lead_review");
}

// Who was written to, by address, with this template.
inline std::vector<std::string> Told(Counter& counter, const std::string& topic) {
  std::vector<std::string> told;
  const auto id = Row(counter).id;
  const auto rows = counter.database().Read(
      [&](storage::Session& session) { return storage::OutboxOf(session, id); });
  for (const auto& row : rows) {
    if (row.topic == topic) told.push_back(row.address.substr(0, row.address.find('@')));
  }
  return told;
}

}  // namespace aiguillage::web
