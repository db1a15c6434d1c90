// A record with enough in it for figures to differ: two calls, collections on two levels, projects
// without any, several steps, some late. By the test's seed; everything happened before
// Counter::kNow.
//
//   FiguresWorld world;
//   world.counter.Get("/pilotage/chiffres/maintenant", "pilot")
#pragma once

#include <random>
#include <string>
#include <vector>

#include "storage/calls.h"
#include "tests/support/seed.h"
#include "tests/web/steps.h"

namespace aiguillage::web {

class FiguresWorld {
 public:
  FiguresWorld() {
    counter.AddSecondCall();
    counter.database().Write([](storage::Session& session) {
      storage::SaveCollection(session, {"ia", "numerique", "IA", "DINUM", "", 4});
    });
    const std::vector<std::string> collections = {"numerique", "ia", "langues", ""};
    for (int nth = 0; nth < 70; ++nth) {
      at_ = Counter::kNow - static_cast<std::int64_t>(70 - nth) * 24 * 3'600'000;
      const bool mentor = nth % 5 != 0;
      const std::string number =
          TakeIn(nth, mentor ? "mentor-2026" : "fep-2026", collections[random_() % 4]);
      if (mentor && random_() % 2 == 0) Accept(number);
    }
  }

  Counter counter;

 private:
  std::string TakeIn(int nth, const std::string& call, const std::string& collection) {
    workflows::IntakeRequest request;
    request.call = call;
    request.title = "Projet " + std::to_string(nth) + " " + kCanary;
    request.collection = collection;
    request.holder_email = "holder@exemple.invalid";
    request.holder_name = "Dominique holder";
    request.dossier = 6000 + nth;
    request.ds_state = "en_construction";
    request.key = "figures-" + std::to_string(nth);
    request.now = at_;
    const auto answer = counter.services().desk.Intake(request);
    if (!answer) throw std::runtime_error(answer.refusal().sentence);
    return answer.value().project;
  }

  void Accept(const std::string& number) {
    workflows::ActRequest request;
    request.project = number;
    request.action = "admissibility.accept";
    request.actor = {counter.PersonId("officer"), ""};
    request.data = test::FilledIn(FormNamed(counter, "admissibility"));
    request.now = at_ + 3'600'000;
    const auto answer = counter.services().desk.Act(request);
    if (!answer) throw std::runtime_error(answer.refusal().sentence);
  }

  std::int64_t at_ = 0;
  std::mt19937_64 random_{test::Seed()};
};

}  // namespace aiguillage::web
