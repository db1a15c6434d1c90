// Sittings of the selection committee: a date, an agenda, decisions held until they are released.
//
//   const auto id = InsertCommitteeSession(session, {0, "mentor-2026", "2027-03-02", "", 17, now});
//   AddToAgenda(session, id, project.id);
//   CommitteeItem item = CommitteeItems(session, id).at(0);   // decision "", nothing held yet
//   item.decision = "committee.select";
//   HoldDecision(session, item);
//
// A held decision is words: it becomes an act only through the desk, whose id ReleaseDecision
// keeps.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

struct CommitteeSession {
  std::int64_t id = 0;
  std::string call;
  std::string held_on;  // ISO date
  std::string note;     // place, members present …: free words
  std::int64_t person = 0;
  std::int64_t at = 0;
};
std::int64_t InsertCommitteeSession(Session&, const CommitteeSession&);
std::optional<CommitteeSession> FindCommitteeSession(Session&, std::int64_t id);
std::vector<CommitteeSession> CommitteeSessions(Session&, const std::string& call);  // latest first

struct CommitteeItem {
  std::int64_t session = 0;
  std::int64_t project = 0;
  std::string decision;                               // an event, "" nothing held
  nlohmann::json answers = nlohmann::json::object();  // of the decision's form
  std::string key;                                    // what makes its act done once only
  std::int64_t person = 0;                            // who prepared it
  std::int64_t at = 0;
  std::string act;  // once released
};
void AddToAgenda(Session&, std::int64_t session, std::int64_t project);  // nothing when it is there
// False for a decision that was released: it stays.
bool TakeOffAgenda(Session&, std::int64_t session, std::int64_t project);
std::vector<CommitteeItem> CommitteeItems(Session&, std::int64_t session);
// Writes decision, answers, key, person, at, and forgets an act that was taken back; a decision of
// "" withdraws the one held.
void HoldDecision(Session&, const CommitteeItem&);
void ReleaseDecision(Session&, std::int64_t session, std::int64_t project, const std::string& act);
std::optional<CommitteeItem> FindItemOfAct(Session&, const std::string& act);
// Other sittings whose agenda has the project with nothing released there, latest first.
std::vector<CommitteeSession> OtherSittings(Session&, std::int64_t project, std::int64_t but);

}  // namespace aiguillage::storage
