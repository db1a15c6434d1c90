// Dossiers, trainings and lists of what documents tell, counted again in plain C++ from what the
// journal says of random projects (facts_history.h).
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/support/seed.h"
#include "tests/web/figure_links.h"
#include "tests/web/plain_rows.h"
#include "web/figures/measured.h"
#include "workflows/calendar.h"

namespace aiguillage::web {
namespace {

bool StandsOnline(const storage::JournalRow& act) {
  return act.states.find("evaluation") != std::string::npos ||
         act.states.find("in_catalogue") != std::string::npos;
}

// Applications, those admitted, those selected.
std::vector<double> SuccessOf(const std::vector<const HistoryProject*>& projects) {
  double applied = 0, admitted = 0, selected = 0;
  for (const auto* project : projects) {
    const auto& acts = project->acts;
    const bool online = std::any_of(acts.begin(), acts.end(), StandsOnline);
    const bool accepted = std::any_of(acts.begin(), acts.end(), [](const auto& act) {
      return act.action == "admissibility.accept";
    });
    ++applied;
    admitted += online || accepted ? 1 : 0;
    selected += online ? 1 : 0;
  }
  return {applied, admitted, 100 * admitted / applied, selected, 100 * selected / applied};
}

template <typename KeyOf>
PlainRows SuccessBy(const std::vector<HistoryProject>& projects, const KeyOf& key) {
  std::map<std::string, std::vector<const HistoryProject*>> groups;
  for (const auto& project : projects) groups[key(project)].push_back(&project);
  PlainRows rows;
  for (const auto& [label, group] : groups) rows.push_back({label, SuccessOf(group)});
  return rows;
}

std::string PlaceLabel(const HistoryProject& project) {
  for (const auto& [slug, label] : kHistoryPlaces) {
    if (slug == project.collection) return label;
  }
  return project.collection;
}

// The days on which it came online: into the evaluation, from anywhere else.
std::vector<std::string> PublishedOn(const HistoryProject& project) {
  std::vector<std::string> days;
  bool there = false;
  for (const auto& act : project.acts) {
    const bool evaluated = act.states.find("evaluation") != std::string::npos;
    if (evaluated && !there) days.push_back(workflows::ParisDate(act.at));
    there = evaluated;
  }
  return days;
}

bool Within(const std::string& day, const FigureQuestion& question) {
  return (question.from.empty() || day >= question.from) &&
         (question.to.empty() || day <= question.to);
}

PlainRows PublishedByMonthOf(const Recounting& recounting) {
  static const std::vector<const char*> kMonths = {"janvier",   "février", "mars",     "avril",
                                                   "mai",       "juin",    "juillet",  "août",
                                                   "septembre", "octobre", "novembre", "décembre"};
  std::map<std::string, int> months;
  for (const auto& project : recounting.Asked(/*period=*/false)) {
    for (const auto& day : PublishedOn(project)) {
      if (Within(day, recounting.question())) ++months[day.substr(0, 7)];
    }
  }
  PlainRows rows;
  for (const auto& [month, count] : months) {
    const auto nth = static_cast<std::size_t>(std::stoi(month.substr(5)) - 1);
    rows.push_back({kMonths[nth] + (" " + month.substr(0, 4)), {AsReal(std::size_t(count))}});
  }
  return rows;
}

// Online, and neither published nor reviewed in the eighteen months before 21 September 2026.
bool IsStale(const HistoryProject& project) {
  std::string since, reviewed;
  for (const auto& act : project.acts) {
    const std::string day = workflows::ParisDate(act.at);
    if (!StandsOnline(act)) since.clear();
    if (StandsOnline(act) && since.empty()) since = day;
    if (act.action == "review.keep") reviewed = std::max(reviewed, day);
  }
  return !since.empty() && std::max(since, reviewed) <= "2025-03-21";
}

PlainRows OfferByCollection(const Recounting& recounting) {
  PlainRows rows;
  for (const auto& [slug, label] : kHistoryPlaces) {
    double published = 0, online = 0, stale = 0;
    for (const auto& project : recounting.Asked(/*period=*/false)) {
      if (project.collection != slug || project.call != "mentor-2026") continue;
      for (const auto& day : PublishedOn(project)) {
        published += Within(day, recounting.question()) ? 1 : 0;
      }
      online += StandsOnline(project.acts.back()) ? 1 : 0;
      stale += IsStale(project) ? 1 : 0;
    }
    if (published + online > 0) rows.push_back({label, {published, online, stale}});
  }
  return rows;
}

TEST(OfferRecounted, OnRandomHistories) {
  int compared = 0;
  for (std::uint64_t seed = test::Seed(); seed < test::Seed() + 2; ++seed) {
    SCOPED_TRACE("AIGUILLAGE_SEED=" + std::to_string(seed));
    FactsHistory history(seed);
    for (const auto& question : HistoryQuestions(seed)) {
      SCOPED_TRACE(question.calls.front() + " of " + std::to_string(question.calls.size()) +
                   ", « " + question.collection + " », " + question.from + " to " + question.to);
      Recounting recounting(history, question);
      const auto some = recounting.Asked();
      recounting.ExpectInAnyOrder("success_calls", SuccessBy(some, [](const auto& one) {
                                    return one.call == "fep-2026" ? "FEP 2026" : "AAP Mentor 2026";
                                  }));
      recounting.ExpectInAnyOrder("success_administrations", SuccessBy(some, [](const auto& one) {
                                    const auto& name = one.administration;
                                    return name.empty() ? "Non renseignée" : name.substr(0, 5);
                                  }));
      recounting.ExpectInAnyOrder("success_collections", SuccessBy(some, PlaceLabel));
      recounting.Expect("published_months", PublishedByMonthOf(recounting));
      recounting.Expect("catalogue", OfferByCollection(recounting));
      compared += recounting.compared;
    }
  }
  EXPECT_GT(compared, 500);
}

using SurveySaid = std::pair<std::string, std::int64_t>;  // « 86,5 », and how many people

// What the list of satisfaction may tell: not what fewer than five say, nor, where those are fewer
// than five together, the smallest of the others.
std::multiset<SurveySaid> MayBeTold(const std::vector<HistoryProject>& projects) {
  std::vector<SurveySaid> all;
  for (const auto& project : projects) {
    const storage::Document* last = nullptr;
    for (const auto& document : project.written) {
      if (document.form == "hot_results") last = &document;
    }
    if (last == nullptr || !last->answers.contains("satisfaction")) continue;
    std::string words = std::to_string(last->answers.at("satisfaction").get<double>());
    words.erase(words.find_last_not_of('0') + 1);
    if (words.ends_with('.')) words.pop_back();
    std::replace(words.begin(), words.end(), '.', ',');
    all.push_back({words, last->answers.at("respondents")});
  }
  std::sort(all.begin(), all.end(),
            [](const SurveySaid& a, const SurveySaid& b) { return a.second < b.second; });
  std::int64_t hidden = 0, last_hidden = 4;
  for (const auto& [words, people] : all) {
    const bool alone = people >= 5 && (hidden == 0 || hidden >= 5) && people != last_hidden;
    if (alone) break;
    hidden += people;
    last_hidden = std::max(last_hidden, people);
  }
  std::multiset<SurveySaid> told;
  for (const auto& said : all) {
    if (said.second > last_hidden) told.insert(said);
  }
  return told;
}

// Of a CSV: the lines that tell a number.
std::multiset<SurveySaid> ToldIn(const std::string& csv) {
  std::multiset<SurveySaid> told;
  std::istringstream lines(csv);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.pop_back();
    const auto people = line.rfind(';');
    const auto words = line.rfind(';', people - 1);
    const std::string said = line.substr(words + 1, people - words - 1);
    if (said.find_first_not_of("0123456789,") != std::string::npos) continue;
    told.insert({said, std::stoll(line.substr(people + 1))});
  }
  return told;
}

TEST(OfferRecounted, ListsTellWhatMayBeToldAndCountWhatFiguresCount) {
  std::size_t told = 0;
  int followed = 0;
  for (std::uint64_t seed = test::Seed(); seed < test::Seed() + 1; ++seed) {
    SCOPED_TRACE("AIGUILLAGE_SEED=" + std::to_string(seed));
    FactsHistory history(seed, 40);
    for (const char* collection : {"", "numerique", "langues"}) {
      const Recounting recounting(history, {{"mentor-2026"}, collection, "", "", Counter::kNow});
      const std::string query =
          std::string("?mesure=satisfaction&appel=mentor-2026&collection=") + collection;
      const auto csv = history.counter.Get("/pilotage/mesures.csv" + query, "pilot");
      ASSERT_EQ(csv.status, 200) << csv.body;
      EXPECT_EQ(ToldIn(csv.body), MayBeTold(recounting.Asked())) << csv.body;
      told += ToldIn(csv.body).size();
      for (const char* id : {"call_measures", "reviews", "quality_families", "evaluation"}) {
        ExpectListsBehind(recounting.Named(id));
        followed += FollowLinks(history.counter, {recounting.Named(id)});
      }
    }
  }
  EXPECT_GT(told, 0U);
  EXPECT_GT(followed, 40);
}

}  // namespace
}  // namespace aiguillage::web
