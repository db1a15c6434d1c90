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
#include "storage/documents.h"
#include "storage/flow.h"
#include "tests/support/seed.h"
#include "tests/web/steps.h"
#include "workflows/flow.h"

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
      if (mentor) Move(number);
      if (nth % 3 == 0) Tell(number, mentor);
    }
    while (workflows::FollowMoves(counter.database(), counter.services().catalog)) continue;
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

  // What documents of later steps would tell; some of it by few people.
  void Tell(const std::string& number, bool mentor) {
    const auto some = [&](std::uint64_t most) {
      return static_cast<std::int64_t>(told_() % (most + 1));
    };
    const auto point = [&] {
      return json{{"result", std::vector{"conform", "partial", "not", "na"}[told_() % 4]}};
    };
    std::vector<std::pair<std::string, json>> told = {{"application",
                                                       {{"interministerial", told_() % 2 == 0},
                                                        {"requested_amount", some(90'000)},
                                                        {"audience_size", some(4'000)}}}};
    if (mentor) {
      const json grid = {{"captions", point()}, {"length", point()}};
      told.push_back(
          {"quality_review", {{"media", grid}, {"editorial", {{"collection", point()}}}}});
      told.push_back({"hot_results",
                      {{"satisfaction", some(100)},
                       {"completion", some(100)},
                       {"recommendation", some(100)},
                       {"respondents", some(30)},
                       {"participants", 30 + some(30)}}});
      told.push_back({"cold_results", {{"reuse", some(100)}, {"respondents", some(6)}}});
      for (int sheet = 0; sheet < 2; ++sheet) {
        json scores;
        for (const char* id : {"need", "reach", "fit", "pedagogy", "feasibility", "upkeep",
                               "accessibility", "innovation"}) {
          scores[id] = {{"score", some(5)}};
        }
        told.push_back({"score_sheet", {{"scores", scores}}});
      }
    }
    counter.database().Write([&](storage::Session& session) {
      storage::Document document;
      document.project = storage::FindProject(session, number)->id;
      document.at = at_;
      for (auto& [form, answers] : told) {
        document.form = form;
        document.person = counter.PersonId(++writer_ % 2 == 0 ? "pilot" : "officer");
        document.answers = std::move(answers);
        storage::InsertDocument(session, document);
      }
      storage::Unfollow(session, document.project);
    });
  }

  void Accept(const std::string& number) {
    const auto answer = Do(number, "officer", "admissibility.accept", "admissibility", 1);
    if (!answer) throw std::runtime_error(answer.refusal().sentence);
  }

  // What may come next, some days later; who may not, or not yet, is refused.
  void Move(const std::string& number) {
    const std::vector<std::vector<std::string>> steps = {
        {"officer", "completion.request", "completion_request"},
        {"holder", "resubmit", "resubmission"},
        {"officer", "admissibility.accept", "admissibility"},
        {"lead", "framing.change", "change_request"},
        {"holder", "resubmit", "resubmission"},
        {"lead", "framing.validate", "framing_opinion"},
        {"lead", "framing.refuse", "refusal"},
        {"pilot", "suspend", "suspension"}};
    for (const auto& step : steps) {
      if (random_() % 3 == 0)
        (void)Do(number, step[0], step[1], step[2], static_cast<std::int64_t>(random_() % 100));
    }
  }

  engine::Outcome<workflows::ActAnswer> Do(const std::string& number, const std::string& who,
                                           const std::string& action, const std::string& form,
                                           std::int64_t hours) {
    at_ += hours * 3'600'000;
    if (at_ >= Counter::kNow) return engine::Refusal{"later", "Plus tard.", {}};
    workflows::ActRequest request;
    request.project = number;
    request.action = action;
    request.actor = {counter.PersonId(who), ""};
    const auto definition = counter.services().catalog.Newest("mentor");
    if (definition->forms.count(form) > 0) {
      request.data = test::FilledIn(definition->forms.at(form));
    }
    request.now = at_;
    return counter.services().desk.Act(request);
  }

  std::int64_t at_ = 0, writer_ = 0;
  std::mt19937_64 random_{test::Seed()}, told_{test::Seed() + 1};
};

}  // namespace aiguillage::web
