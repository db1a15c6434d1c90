// What people do in a simulated world: mostly what they may, sometimes what they may not, and a
// good part of it twice.
#include <algorithm>

#include "engine/actions.h"
#include "tests/simulation/shipped.h"
#include "tests/simulation/simulated_world.h"
#include "tests/support/filled_in.h"
#include "workflows/access.h"

namespace aiguillage::simulation {

using nlohmann::json;
using storage::Session;
using workflows::ActRequest;

namespace {

constexpr std::int64_t kMinuteMs = 60'000, kDayMs = 86'400'000;

const std::set<std::string> kRefusals = {"unknown_action",       "not_now",  "not_yours", "locked",
                                         "conflict_of_interest", "form",     "stale",     "ended",
                                         "key_reused",           "bad_input"};

// Actions that lead away from the main road, and how seldom somebody takes them.
std::size_t Seldom(const engine::Action& action) {
  if (action.style == "danger") return 400;
  if (action.id == "suspend") return 30;
  if (action.style == "secondary") return 4;
  return 1;
}

}  // namespace

int SimulatedWorld::Look(KnownProject& project) {
  return database_->Read([&](Session& session) { return oracle_.Look(session, project); });
}

// Somebody turns to this project, and will again: within the deadline every other time, long after
// it otherwise, and every other year or so when the training is in the catalogue.
void SimulatedWorld::Visit(std::size_t index) {
  KnownProject& project = projects_[index];
  const auto definition = ShippedRails().Newest(circumstances_.rails);
  const auto snapshot = engine::Snapshot::FromJson(definition->chart, project.snapshot);
  if (!AnswerInDs(project, snapshot)) Act(project, Wish(project, snapshot));
  if (project.ended && !OneIn(3)) return;
  const std::size_t days = snapshot.IsActive("in_catalogue") ? random_.Below(1200)
                           : OneIn(2)                        ? random_.Below(15)
                                                             : 30 + random_.Below(120);
  Later(static_cast<std::int64_t>(1 + days) * kDayMs +
            static_cast<std::int64_t>(random_.Below(600)) * kMinuteMs,
        [this, index] { Visit(index); });
}

// The holder completes the dossier where it was filed.
bool SimulatedWorld::AnswerInDs(const KnownProject& project, const engine::Snapshot& snapshot) {
  const bool asked =
      snapshot.IsActive("completion_requested") || snapshot.IsActive("framing_changes");
  if (!asked || project.dossier == 0 || OneIn(2)) return false;
  auto& dossier = ds_.At(project.dossier);
  if (OneIn(2)) ds_.Write(dossier, "title", "Projet repris " + std::to_string(++keys_));
  ds_.Resubmit(dossier);
  ds_changed_ = true;
  return true;
}

ActRequest SimulatedWorld::Wish(const KnownProject& project, const engine::Snapshot& snapshot) {
  const auto definition = ShippedRails().Newest(circumstances_.rails);
  std::vector<engine::Action> open;
  for (auto& action : engine::Actions(definition->chart, snapshot)) {
    if ((!action.locked || OneIn(20)) && OneIn(Seldom(action))) open.push_back(std::move(action));
  }
  ActRequest request;
  request.project = project.number;
  request.now = Now();
  request.key = "visit-" + std::to_string(++keys_);
  request.actor.person = random_.Of(staff_);
  request.action = random_.Of(test::kActions);
  if (open.empty()) return request;
  const auto action = random_.Of(open);
  request.action = action.id;
  if (!OneIn(15)) {
    request.actor.person = SomebodyWith(action.roles, project);
  }
  const auto form = definition->forms.find(action.form);
  if (form != definition->forms.end()) {
    test::Filling filling;
    filling.choose = [this](std::size_t count) { return random_.Below(count); };
    request.data = test::FilledIn(form->second, filling);
  }
  if (action.id == "collection.reassign") {
    auto lead = leads_.begin();
    std::advance(lead, static_cast<std::ptrdiff_t>(random_.Below(leads_.size())));
    request.data["collection"] = lead->first.substr(lead->first.find(':') + 1);
  }
  if (OneIn(25)) request.data = {{"reason", 7}};
  if (OneIn(10)) {
    request.expected_version = project.version - static_cast<std::int64_t>(random_.Below(2));
  }
  return request;
}

// The pilot where nobody holds any of them.
std::int64_t SimulatedWorld::SomebodyWith(const std::vector<std::string>& roles,
                                          const KnownProject& project) {
  return database_->Read([&](Session& session) {
    const auto row = storage::FindProjectById(session, project.id).value();
    const std::size_t first = random_.Below(roles.size());
    for (std::size_t i = 0; i < roles.size(); ++i) {
      const auto people = workflows::PeopleWith(session, roles[(first + i) % roles.size()], row);
      if (!people.empty()) return random_.Of(people).id;
    }
    return staff_.front();
  });
}

void SimulatedWorld::Act(KnownProject& project, ActRequest request) {
  const std::string place = project.number + ", " + request.action;
  if (OneIn(30)) {
    ActRequest rehearsal = request;
    rehearsal.dry_run = true;
    static_cast<void>(desk_->Act(rehearsal));
    Expect(Look(project) == 0, place + ": a rehearsal was written");
  }
  const Outcome answer = desk_->Act(request);
  const int rows = Look(project);
  if (answer) {
    ++life_.acts;
    last_act_ = elapsed_;
    Expect(rows == 1, place + ": " + std::to_string(rows) + " rows for one act");
    Expect(project.act == answer.value().act, place + ": the journal has another act");
    Expect(project.version == answer.value().version, place + ": answered with another version");
  } else {
    ++life_.refused;
    Expect(rows == 0, place + ": refused, and written");
    Expect(kRefusals.contains(answer.refusal().code) && !answer.refusal().sentence.empty(),
           place + ": refused as " + answer.refusal().code);
  }
  if (OneIn(12)) SendAgain(project, request, answer);
  if (answer && OneIn(10)) TakeBack(project, request, answer.value().act);
}

// The reply was lost, with the whole process now and then: the page sends the same again.
void SimulatedWorld::SendAgain(KnownProject& project, ActRequest request, const Outcome& first) {
  const std::string place = project.number + ", " + request.action + " again";
  ++life_.lost_replies;
  if (OneIn(4)) Restart();
  const Outcome again = desk_->Act(request);
  Expect(Look(project) == 0, place + ": done twice");
  Expect(static_cast<bool>(again) == static_cast<bool>(first), place + ": another answer");
  if (!first) {
    Expect(again.refusal().code == first.refusal().code, place + ": refused otherwise");
    return;
  }
  Expect(again.value().repeated && again.value().act == first.value().act &&
             again.value().version == first.value().version,
         place + ": not the first answer");
  request.data["autre"] = "corps";
  const Outcome other = desk_->Act(request);
  Expect(!other && other.refusal().code == "key_reused", place + ": another body passed");
  Expect(Look(project) == 0, place + ": another body was written");
}

void SimulatedWorld::TakeBack(KnownProject& project, const ActRequest& request,
                              const std::string& act) {
  const std::string place = project.number + ", " + request.action + " taken back";
  const auto minutes = static_cast<std::int64_t>(random_.Below(12));
  const json before = project.before;
  const Outcome answer =
      desk_->TakeBack(project.number, act, request.actor, request.now + minutes * kMinuteMs);
  const int rows = Look(project);
  if (!answer) {
    Expect(minutes > 10 && answer.refusal().code == "too_late",
           place + " after " + std::to_string(minutes) + " minutes: " + answer.refusal().code);
    Expect(rows == 0, place + ": refused, and written");
    return;
  }
  ++life_.taken_back;
  Expect(minutes <= 10, place + " after the grace period");
  Expect(rows == 1 && project.snapshot == before, place + ": not as it was before");
}

}  // namespace aiguillage::simulation
