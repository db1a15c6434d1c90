#include "tests/web/plain_rows.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "web/figures/call.h"

namespace aiguillage::web {

const std::vector<std::pair<std::string, std::string>> kHistoryPlaces = {{"numerique", "Numérique"},
                                                                         {"ia", "IA"},
                                                                         {"langues", "Langues"},
                                                                         {"ailleurs", "Ailleurs"},
                                                                         {"", "Sans collection"}};

namespace {

// Without what hostile names of the counter end with, and the mark of a collection below another.
std::string PlainLabel(std::string label) {
  const auto canary = label.find(" " + kCanary);
  if (canary != std::string::npos) label.erase(canary);
  return label.starts_with("› ") ? label.substr(std::string("› ").size()) : label;
}

bool IsAskedOf(const HistoryProject& project, const FigureQuestion& question, bool period) {
  const auto& calls = question.calls;
  if (std::find(calls.begin(), calls.end(), project.call) == calls.end()) return false;
  const std::string& wanted = question.collection;
  const std::string parent = project.collection == "ia" ? "numerique" : "";
  if (wanted == "-" && !project.collection.empty()) return false;
  if (wanted != "-" && !wanted.empty() && project.collection != wanted && parent != wanted) {
    return false;
  }
  if (!period) return true;
  return (question.from.empty() || project.month >= question.from.substr(0, 7)) &&
         (question.to.empty() || project.month <= question.to.substr(0, 7));
}

}  // namespace

Recounting::Recounting(FactsHistory& history, const FigureQuestion& question)
    : question_(question), all_(history.Projects()) {
  history.counter.database().Read([&](storage::Session& session) {
    for (auto* make : {CallFigures, OfferFigures}) {
      for (auto& figure : make(session, history.counter.services().catalog, question)) {
        figures_.push_back(std::move(figure));
      }
    }
  });
}

std::vector<HistoryProject> Recounting::Asked(bool period) const {
  std::vector<HistoryProject> asked = all_;
  std::erase_if(asked, [&](const auto& one) { return !IsAskedOf(one, question_, period); });
  return asked;
}

const Figure& Recounting::Named(const std::string& id) const {
  for (const auto& figure : figures_) {
    if (figure.id == id) return figure;
  }
  throw std::runtime_error("no figure " + id);
}

PlainRows Recounting::ToldBy(const std::string& id) const {
  PlainRows rows;
  for (const auto& row : Named(id).rows) {
    rows.push_back({PlainLabel(row.front().text), {}});
    for (std::size_t i = 1; i < row.size(); ++i) {
      const bool few = row[i].hidden == "moins de 5 réponses";
      rows.back().second.push_back(few ? kTooFewTold : row[i].value.value_or(kNotTold));
    }
  }
  return rows;
}

void Recounting::Expect(const std::string& id, const PlainRows& plain) {
  Same(id, ToldBy(id), plain);
}

void Recounting::ExpectInAnyOrder(const std::string& id, PlainRows plain) {
  PlainRows told = ToldBy(id);
  for (auto* rows : {&told, &plain}) std::sort(rows->begin(), rows->end());
  Same(id, told, plain);
}

void Recounting::Same(const std::string& id, const PlainRows& told, const PlainRows& plain) {
  const auto names = [](const PlainRows& rows) {
    std::string text;
    for (const auto& row : rows) text += row.first + "\n";
    return text;
  };
  ASSERT_EQ(names(told), names(plain)) << id;
  for (std::size_t row = 0; row < told.size(); ++row) {
    ASSERT_EQ(told[row].second.size(), plain[row].second.size()) << id;
    for (std::size_t i = 0; i < told[row].second.size(); ++i) {
      // Each project's number is kept by its hundredths.
      EXPECT_NEAR(told[row].second[i], plain[row].second[i], 0.011)
          << id << ", " << told[row].first << ", " << Named(id).columns.at(i + 1).label;
      ++compared;
    }
  }
}

std::vector<FigureQuestion> HistoryQuestions(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const std::vector<std::vector<std::string>> calls = {
      {"fep-2026", "mentor-2026"}, {"mentor-2026"}, {"fep-2026"}};
  std::vector<FigureQuestion> questions;
  for (const auto& some : calls) questions.push_back({some, "", "", "", Counter::kNow});
  for (int i = 0; i < 12; ++i) {
    FigureQuestion question{calls[random() % 3], "", "", "", Counter::kNow};
    question.collection = std::vector{"", "numerique", "ia", "langues", "-"}[random() % 5];
    if (random() % 2 == 0) question.from = "2025-0" + std::to_string(1 + random() % 9) + "-17";
    if (random() % 2 == 0) question.to = "2026-0" + std::to_string(1 + random() % 9) + "-03";
    questions.push_back(std::move(question));
  }
  return questions;
}

}  // namespace aiguillage::web
