// What an act became, told to whoever did it and kept under its key: the same act sent twice gets
// it again. Of a dry run, what it would become.
//
//   {"project": "AIG-2026-0042", "version": 7, "states": ["expert_review"], "mails": [ … ], … }
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace aiguillage::workflows {

struct PlannedMail {
  std::string template_id, to, address;  // to: role; address "" when nobody holds it (skipped)
  bool copy = false;
  nlohmann::json variables;  // of a dry run only: what its text is made from
};
struct PlannedDeadline {
  std::string event, state;
  std::int64_t due_at = 0;
};
struct ActAnswer {
  std::string project, act;
  std::int64_t version = 0;
  std::vector<std::string> states;
  std::vector<PlannedMail> mails;
  std::vector<std::string> ds;
  std::vector<std::string> tasks;  // labels of the tasks now open
  std::vector<PlannedDeadline> deadlines;
  std::vector<int> transition_lines;
  bool repeated = false;  // the first answer given again
};
nlohmann::json ToJson(const ActAnswer&);
ActAnswer ActAnswerFromJson(const nlohmann::json&);

}  // namespace aiguillage::workflows
