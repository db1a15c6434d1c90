// What documents tell, counted again in plain C++ from what the journal says of random projects:
// one project at a time, by the files of the rails alone, with neither sums nor facts nor forms of
// the product. By the test's seed and those after it.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>

#include "storage/flow.h"
#include "tests/support/seed.h"
#include "tests/web/plain_rows.h"

namespace aiguillage::web {
namespace {

using nlohmann::json;

const json& RailsFile(const std::string& call, const std::string& name) {
  static std::map<std::string, json> read;
  const std::string path = (call == "fep-2026" ? "fep/" : "mentor/") + name;
  const auto found = read.find(path);
  if (found != read.end()) return found->second;
  std::ifstream file(AIGUILLAGE_SOURCE_DIR "/workflows/definitions/" + path);
  return read[path] = json::parse(file);
}

// The rules of figures.json, of all these calls.
std::vector<json> RulesOf(const std::vector<std::string>& calls, const std::string& panel) {
  std::vector<json> rules;
  for (const auto& call : calls) {
    for (const auto& rule : RailsFile(call, "figures.json").at("facts")) {
      if (rule.at("panel") == panel) rules.push_back(rule);
    }
  }
  return rules;
}

const json* LastAnswers(const HistoryProject& project, const std::string& form) {
  const json* last = nullptr;
  int version = 0;
  for (const auto& document : project.written) {
    if (document.form != form || document.version < version) continue;
    version = document.version;
    last = &document.answers;
  }
  return last;
}

using SurveyAnswer = std::pair<double, std::int64_t>;  // what it is, and how many people say so

std::optional<SurveyAnswer> AnswerOf(const HistoryProject& project, const json& rule) {
  const json* answers = LastAnswers(project, rule.at("form"));
  if (answers == nullptr || !answers->contains(rule.at("field"))) return std::nullopt;
  const json& value = answers->at(std::string(rule.at("field")));
  const std::string weight = rule.value("weight", "");
  const std::int64_t people = weight.empty() ? 1 : answers->value(weight, std::int64_t{1});
  return SurveyAnswer(value.is_boolean() ? (value.get<bool>() ? 1.0 : 0.0) : value.get<double>(),
                      people);
}

PlainRows CallMeasures(const std::vector<HistoryProject>& projects,
                       const std::vector<std::string>& calls) {
  PlainRows rows;
  for (const auto& rule : RulesOf(calls, "call")) {
    std::vector<double> said;
    for (const auto& project : projects) {
      const auto answer = AnswerOf(project, rule);
      if (answer) said.push_back(answer->first);
    }
    if (said.empty()) continue;
    double sum = 0;
    for (const double one : said) sum += one;
    const bool yes = rule.at("kind") == "yes";
    const std::string unit = rule.at("kind") == "amount" ? " (€)" : "";
    rows.push_back({std::string(rule.at("label")) + unit,
                    {AsReal(said.size()), sum, yes ? kNotTold : sum / AsReal(said.size()),
                     yes ? 100 * sum / AsReal(said.size()) : kNotTold}});
  }
  return rows;
}

struct SheetsTold {
  double score = 0;
  std::size_t sheets = 0;
  bool wide = false;
};

// By the weights in the file of the form; the last sheet of each reviewer.
std::optional<SheetsTold> SheetsOf(const HistoryProject& project) {
  static const json kForm = RailsFile("mentor-2026", "forms/score_sheet.json");
  std::map<std::int64_t, const json*> last;
  for (const auto& document : project.written) {
    if (document.form == "score_sheet") last[document.person] = &document.answers;
  }
  if (last.empty()) return std::nullopt;
  SheetsTold told;
  told.sheets = last.size();
  double got = 0, most = 0;
  for (const auto& [id, criterion] : kForm.at("properties").at("scores").at("properties").items()) {
    const double weight = criterion.at("x-ui").at("weight");
    int least = 9, best = -9;
    for (const auto& [person, sheet] : last) {
      const int mark = sheet->at("scores").at(id).at("score");
      got += weight * mark;
      most += weight * 5;
      least = std::min(least, mark);
      best = std::max(best, mark);
    }
    told.wide = told.wide || best - least >= 2;
  }
  told.score = 100 * got / most;
  return told;
}

PlainRows ReviewsByCollection(const std::vector<HistoryProject>& projects) {
  PlainRows rows;
  for (const auto& [slug, label] : kHistoryPlaces) {
    double scored = 0, sheets = 0, score = 0, several = 0, wide = 0;
    for (const auto& project : projects) {
      const auto told = project.collection == slug ? SheetsOf(project) : std::nullopt;
      if (!told) continue;
      ++scored;
      sheets += AsReal(told->sheets);
      score += told->score;
      several += told->sheets > 1 ? 1 : 0;
      wide += told->wide ? 1 : 0;
    }
    if (scored == 0) continue;
    rows.push_back({label,
                    {scored, sheets, sheets / scored, score / scored,
                     several == 0 ? kNotTold : 100 * wide / several}});
  }
  return rows;
}

PlainRows QualityByFamily(const std::vector<HistoryProject>& projects,
                          const std::vector<std::string>& calls) {
  static const json kGrid = RailsFile("mentor-2026", "forms/quality_review.json").at("properties");
  PlainRows rows;
  for (const auto& rule : RulesOf(calls, "quality")) {
    const std::string family = rule.at("field");
    double read = 0, share = 0, blocking = 0, blocked = 0;
    for (const auto& project : projects) {
      const json* answers = LastAnswers(project, "quality_review");
      if (answers == nullptr || !answers->contains(family)) continue;
      std::map<std::string, int> results;
      int stuck = 0;
      for (const auto& [point, said] : answers->at(family).items()) {
        const std::string result = said.at("result");
        ++results[result];
        const json ui = kGrid.at(family).at("properties").at(point).value("x-ui", json::object());
        stuck += result == "not" && ui.value("blocking", false) ? 1 : 0;
      }
      const int apply = results["conform"] + results["partial"] + results["not"];
      if (apply == 0) continue;
      ++read;
      share += 100 * (results["conform"] + 0.5 * results["partial"]) / apply;
      blocking += stuck;
      blocked += stuck > 0 ? 1 : 0;
    }
    if (read > 0) rows.push_back({rule.at("label"), {share / read, read, blocking, blocked}});
  }
  return rows;
}

std::vector<double> SurveyRow(double mean, double target, std::int64_t people, double projects) {
  const bool few = people < 5;
  const double gap = target == 0 ? kNotTold : mean - target;
  return {few ? kTooFewTold : mean, target == 0 ? kNotTold : target, few ? kTooFewTold : gap,
          few ? kTooFewTold : static_cast<double>(people), projects};
}

PlainRows SurveyResults(const std::vector<HistoryProject>& projects,
                        const std::vector<std::string>& calls) {
  PlainRows rows;
  for (const auto& rule : RulesOf(calls, "evaluation")) {
    std::int64_t people = 0;
    double sum = 0, said = 0;
    for (const auto& project : projects) {
      const auto answer = AnswerOf(project, rule);
      if (!answer) continue;
      ++said;
      people += answer->second;
      sum += answer->first * static_cast<double>(answer->second);
    }
    if (people == 0) continue;
    const std::string unit = rule.at("kind") == "percent" ? " (%)" : "";
    rows.push_back(
        {std::string(rule.at("label")) + unit,
         SurveyRow(sum / static_cast<double>(people), rule.value("target", 0.0), people, said)});
  }
  double asked = 0, said = 0;
  std::int64_t answered = 0;
  for (const auto& rule : RulesOf(calls, "response")) {
    for (const auto& project : projects) {
      const auto answer = AnswerOf(project, rule);
      if (!answer) continue;
      if (rule.at("id") == "participants") asked += answer->first;
      if (rule.at("id") != "respondents") continue;
      answered += answer->second;
      ++said;
    }
  }
  if (asked > 0) {
    rows.push_back({"Taux de réponse à chaud (%)",
                    SurveyRow(100 * static_cast<double>(answered) / asked, 0, answered, said)});
  }
  return rows;
}

// « numerique of mentor-2026, from 2025-03-17 » of a trace.
std::string TraceOf(const FigureQuestion& question) {
  std::string words = "« " + question.collection + " » of";
  for (const auto& call : question.calls) words += " " + call;
  return words + ", from " + question.from + " to " + question.to;
}

TEST(FactsRecounted, OnRandomHistories) {
  int compared = 0, taken_back = 0, moved = 0, erased = 0;
  for (std::uint64_t seed = test::Seed(); seed < test::Seed() + 2; ++seed) {
    SCOPED_TRACE("AIGUILLAGE_SEED=" + std::to_string(seed));
    FactsHistory history(seed);
    for (const auto& question : HistoryQuestions(seed)) {
      SCOPED_TRACE(TraceOf(question));
      Recounting recounting(history, question);
      const auto some = recounting.Asked(), always = recounting.Asked(/*period=*/false);
      recounting.Expect("call_measures", CallMeasures(some, question.calls));
      recounting.Expect("reviews", ReviewsByCollection(some));
      recounting.Expect("quality_families", QualityByFamily(always, question.calls));
      recounting.Expect("evaluation", SurveyResults(always, question.calls));
      compared += recounting.compared;
    }
    EXPECT_EQ(history.counter.database().Read(
                  [](storage::Session& session) { return storage::FlowFaults(session); }),
              std::vector<std::string>{});
    taken_back += history.taken_back;
    moved += history.moved;
    erased += history.erased;
  }
  EXPECT_GT(compared, 500);
  EXPECT_GT(taken_back, 6);
  EXPECT_GT(moved, 15);
  EXPECT_GT(erased, 0);
}

}  // namespace
}  // namespace aiguillage::web
