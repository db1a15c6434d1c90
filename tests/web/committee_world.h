// A counter with a committee: chair, member, and reviewers anne, bruno, chloe who can be named.
//
//   CommitteeWorld world;
//   world.BringToReview(1);                              // anne and bruno are to read project 1
//   world.Score(1, "anne", {4, 4, 4, 4, 3, 3, 3, 3});
//   world.BringToCommittee(2, {3, …});                   // all of it, two sheets of these marks
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "storage/documents.h"
#include "storage/hash.h"
#include "storage/journal.h"
#include "storage/people.h"
#include "tests/support/filled_in.h"
#include "tests/web/counter.h"

namespace aiguillage::web {

class CommitteeWorld : public Counter {
 public:
  CommitteeWorld() {
    for (const char* who : {"chair", "member", "anne", "bruno", "chloe"}) AddSomebody(who);
    services().desk.GrantRole(Id("chair"), "committee_chair", "", now);
    services().desk.GrantRole(Id("member"), "committee_member", "", now);
    for (const char* who : {"anne", "bruno", "chloe"}) {
      services().desk.GrantRole(Id(who), "reviewer", "", now);
    }
  }

  std::int64_t Id(const std::string& who) {
    return database().Read([&](storage::Session& session) {
      return storage::FindPersonByEmail(session, who + "@exemple.invalid")->id;
    });
  }

  void AddSomebody(const std::string& who) {
    database().Write([&](storage::Session& session) {
      storage::Person person;
      person.email = who + "@exemple.invalid";
      person.name = "Camille " + who + " " + kCanary;
      person.created_at = now;
      const auto id = storage::InsertPerson(session, person);
      storage::InsertWebSession(
          session, {storage::Sha256("token-" + who), id, "test", "csrf-" + who, now, now});
    });
  }

  void SetSiret(const std::string& who, const std::string& siret) {
    database().Write([&](storage::Session& session) {
      auto person = *storage::FindPersonByEmail(session, who + "@exemple.invalid");
      person.siret = siret;
      storage::UpdatePerson(session, person);
    });
  }

  storage::Project Project(int project) {
    return database().Read(
        [&](storage::Session& session) { return *storage::FindProject(session, number(project)); });
  }

  const forms::Form& Form(int project, const std::string& id) {
    const std::string pinned = Project(project).definition;
    definition_ = database().Read(
        [&](storage::Session& session) { return services().catalog.Pinned(session, pinned); });
    return definition_->forms.at(id);
  }

  // "" or the refusal's sentence.
  std::string Do(int project, const std::string& who, const std::string& action,
                 const nlohmann::json& data) {
    now += 60'000;
    workflows::ActRequest request;
    request.project = number(project);
    request.action = action;
    request.actor = {Id(who), ""};
    request.data = data;
    request.now = now;
    const auto answer = services().desk.Act(request);
    return answer ? "" : answer.refusal().sentence;
  }

  void Must(int project, const std::string& who, const std::string& action,
            const nlohmann::json& data) {
    const std::string refused = Do(project, who, action, data);
    if (!refused.empty()) throw std::runtime_error(action + ": " + refused);
  }

  nlohmann::json Reviewers(const std::vector<std::string>& names) {
    nlohmann::json list = nlohmann::json::array();
    for (const auto& name : names) list.push_back(name + "@exemple.invalid");
    return {{"reviewers", list}, {"independence", true}};
  }

  void BringToReview(int project) {
    Must(project, "officer", "admissibility.accept",
         test::FilledIn(Form(project, "admissibility")));
    Must(project, project == 1 ? "lead" : "other_lead", "framing.validate",
         test::FilledIn(Form(project, "framing_opinion")));
    Must(project, "officer", "review.assign", Reviewers({"anne", "bruno"}));
  }

  nlohmann::json Sheet(int project, const std::vector<int>& marks) {
    nlohmann::json sheet = {{"interest", "none"},
                            {"strengths", "Le besoin. " + kCanary},
                            {"weaknesses", "Le calendrier."},
                            {"recommendation", "select"}};
    std::size_t i = 0;
    for (const auto& criterion : forms::FindField(Form(project, "score_sheet"), "scores")->children)
      sheet["scores"][criterion.name] = {{"score", marks.at(i++)}, {"comment", "Dit. " + kCanary}};
    return sheet;
  }

  void Score(int project, const std::string& who, const std::vector<int>& marks) {
    Must(project, who, "review.submit", Sheet(project, marks));
  }

  void BringToCommittee(int project, const std::vector<int>& marks) {
    BringToReview(project);
    Score(project, "anne", marks);
    Score(project, "bruno", marks);
  }

  std::string Consolidation(int project) {
    return "/projets/" + number(project) + "/consolidation";
  }

 private:
  std::shared_ptr<const workflows::Definition> definition_;
};

}  // namespace aiguillage::web
