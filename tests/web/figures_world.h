// A record with enough projects in it for figures to differ: two calls, collections on two levels,
// projects without any, several steps, some late. By the test's seed.
//
//   FiguresWorld world;
//   world.counter.Get("/pilotage/chiffres/maintenant", "pilot")
#pragma once

#include <random>

#include "storage/calls.h"
#include "tests/support/seed.h"
#include "tests/web/steps.h"

namespace aiguillage::web {

struct FiguresWorld {
  FiguresWorld() {
    counter.AddSecondCall();
    counter.database().Write([](storage::Session& session) {
      storage::SaveCollection(session, {"ia", "numerique", "IA", "DINUM", "", 4});
    });
    const std::vector<std::string> collections = {"numerique", "ia", "langues", ""};
    for (int i = 0; i < 70; ++i) {
      counter.now += static_cast<std::int64_t>(random() % 48) * 3'600'000;
      Intake(i, i % 5 == 0 ? "fep-2026" : "mentor-2026", collections[random() % 4]);
      if (random() % 2 == 0) Move(i % 5 == 0 ? "" : "admissibility.start");
    }
    counter.now += 40LL * 24 * 3'600'000;
    counter.DropSessions();
  }

  Counter counter;
  std::vector<std::string> numbers;

 private:
  void Intake(int nth, const std::string& call, const std::string& collection) {
    workflows::IntakeRequest request;
    request.call = call;
    request.title = "Projet " + std::to_string(nth);
    request.collection = collection;
    request.holder_email = "holder@exemple.invalid";
    request.holder_name = "Dominique holder";
    request.dossier = 6000 + nth;
    request.ds_state = "en_construction";
    request.key = "figures-" + std::to_string(nth);
    request.now = counter.now;
    const auto answer = counter.services().desk.Intake(request);
    if (!answer) throw std::runtime_error(answer.refusal().sentence);
    numbers.push_back(answer.value().project);
  }

  void Move(const std::string& action) {
    if (action.empty()) return;
    workflows::ActRequest request;
    request.project = numbers.back();
    request.action = random() % 2 == 0 ? action : "admissibility.accept";
    request.actor = {counter.PersonId("officer"), ""};
    if (request.action == "admissibility.accept") {
      request.data = test::FilledIn(FormNamed(counter, "admissibility"));
    }
    request.now = counter.now;
    const auto answer = counter.services().desk.Act(request);
    if (!answer) throw std::runtime_error(answer.refusal().sentence);
  }

  std::mt19937_64 random{test::Seed()};
};

}  // namespace aiguillage::web
