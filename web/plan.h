// « Ce qui va se passer »: what an act would do, told before it is done.
//
// When the answers are good the desk rehearses the act itself (dry run) and the plan is exact.
// Before that, the rails are read: the first transition that can fire says where it leads.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/actions.h"
#include "web/page.h"
#include "web/sight.h"
#include "web/visit.h"

namespace aiguillage::web {

struct Plan {
  std::string to;                  // labels of the states after, "" = stays where it is
  std::string turn;                // whose turn then
  std::string due;                 // « le 12 mai 2027 », or the rule « 15 jours ouvrés »
  std::vector<std::string> mails;  // « au porteur de projet : validation du cadrage »
  std::vector<std::string> ds;     // what DS is told
  bool exact = false;              // rehearsed with these answers
};

Plan PlanFromRails(const workflows::Definition& definition, const storage::Project& project,
                   const engine::Action& action);
Plan PlanFromAnswer(Visit& visit, storage::Session& session,
                    const workflows::Definition& definition, const workflows::ActAnswer& answer);
void AddPlan(View& view, const Plan& plan);

}  // namespace aiguillage::web
