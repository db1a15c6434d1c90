#include "tests/web/facts_history.h"

#include <algorithm>
#include <set>

#include "storage/calls.h"
#include "storage/flow.h"
#include "storage/projects.h"
#include "storage/purge.h"
#include "tests/support/filled_in.h"
#include "workflows/calendar.h"
#include "workflows/flow.h"

namespace aiguillage::web {

using nlohmann::json;
using storage::Session;

namespace {

constexpr std::int64_t kHistoryDay = 86'400'000;
constexpr std::int64_t kHistoryDays = 780;  // trainings grow old enough for a review

// Acts without those that were taken back, by what the taking back itself names.
std::vector<storage::JournalRow> ActsThatStand(std::vector<storage::JournalRow> rows) {
  std::vector<storage::JournalRow> acts;
  for (auto& row : rows) {
    if (row.action == "take_back") {
      acts.pop_back();
    } else {
      acts.push_back(std::move(row));
    }
  }
  return acts;
}

}  // namespace

FactsHistory::FactsHistory(std::uint64_t seed, int projects, int events) : random_(seed) {
  counter.AddSecondCall();
  counter.database().Write([](Session& session) {
    storage::SaveCollection(session, {"ia", "numerique", "IA", "DINUM", "", 4});
  });
  for (int nth = 0; nth < projects; ++nth) TakeIn(nth);
  for (int i = 0; i < projects * events; ++i) {
    Something(told_[static_cast<std::size_t>(Below(projects))]);
    if (Once(20)) workflows::FollowMoves(counter.database(), counter.services().catalog, 3);
  }
  FollowAll();
}

void FactsHistory::FollowAll() {
  while (workflows::FollowMoves(counter.database(), counter.services().catalog, 5)) continue;
}

void FactsHistory::TakeIn(int nth) {
  Told told;
  told.call = Once(3) ? "fep-2026" : "mentor-2026";
  told.at = Counter::kNow - (20 + Below(kHistoryDays - 20)) * kHistoryDay;
  if (Once(4)) {  // late on the last day of a month: in Paris it is the next one
    const std::string first = workflows::ParisDate(told.at).substr(0, 8) + "01";
    told.at = workflows::ParisHour(first, 0) + 30 * 60'000;
  }
  workflows::IntakeRequest request;
  request.call = told.call;
  request.title = "Projet " + std::to_string(nth) + " ; « essai »";
  request.collection = std::vector{"numerique", "ia", "langues", ""}[random_() % 4];
  request.administration = std::vector{"DITP", "DINUM", ""}[random_() % 3];
  request.holder_email = "holder@exemple.invalid";
  request.holder_name = "Dominique holder";
  request.dossier = 6000 + nth;
  request.ds_state = "en_construction";
  request.answers = Application(told.call);
  request.key = "history-" + std::to_string(nth);
  request.now = told.at;
  const auto answer = counter.services().desk.Intake(request);
  if (!answer) throw std::runtime_error(answer.refusal().sentence);
  told.number = answer.value().project;
  if (told.call == "mentor-2026" && !Once(3)) Accept(told);
  told_.push_back(std::move(told));
}

// By the desk, and taken back by it now and then.
void FactsHistory::Accept(Told& told) {
  workflows::ActRequest request;
  request.project = told.number;
  request.action = "admissibility.accept";
  request.actor = {counter.PersonId("officer"), ""};
  request.data =
      test::FilledIn(counter.services().catalog.Newest("mentor")->forms.at("admissibility"));
  request.now = told.at += 3'600'000;
  const auto answer = counter.services().desk.Act(request);
  if (!answer) throw std::runtime_error(answer.refusal().sentence);
  if (!Once(4)) return;
  const auto back = counter.services().desk.TakeBack(told.number, answer.value().act, request.actor,
                                                     told.at += 60'000);
  if (!back) throw std::runtime_error(back.refusal().sentence);
  ++taken_back;
}

void FactsHistory::Something(Told& told) {
  told.at = std::min(told.at + Below(60) * kHistoryDay, Counter::kNow - 1);
  const auto id = counter.database().Read(
      [&](Session& session) { return storage::FindProject(session, told.number)->id; });
  const bool gone = counter.database().Read(
      [&](Session& session) { return storage::FindProjectById(session, id)->erased; });
  if (gone) return;
  const std::int64_t drawn = Below(100);
  if (drawn < 60) return Write(told);
  if (drawn < 76) return TakeBack(told);
  if (drawn < 87) {
    return counter.services().desk.RecordAnswers(told.number, Application(told.call), told.at);
  }
  if (drawn < 97) return Move(told);
  counter.database().Write([&](Session& session) { storage::EraseProject(session, id); });
  ++erased;
}

// A document of an act, as the desk leaves them; of a Mentor project it may be online by then.
void FactsHistory::Write(Told& told) {
  auto [form, answers] = Document(told.call);
  counter.database().Write([&](Session& session) {
    storage::Document document;
    document.project = storage::FindProject(session, told.number)->id;
    document.form = form;
    document.person = counter.PersonId(Once(2) ? "reviewer" : "pilot");
    document.act = storage::LastJournal(session, document.project)->act.substr(0, 20) + "-" +
                   std::to_string(random_() % 1'000'000'000);
    document.at = told.at;
    document.answers = answers;
    document = storage::InsertDocument(session, document);
    storage::JournalRow row;
    row.act = document.act;
    row.action = Once(6) ? "review.keep" : "form." + form;
    row.person = document.person;
    row.states = storage::LastJournal(session, document.project)->states;
    if (told.call == "mentor-2026" && Once(5)) {
      row.states = Once(3) ? "active in_catalogue" : "active evaluation evaluation_hot";
    }
    row.body["documents"] = json::array();
    row.body["documents"].push_back({{"form", form}, {"version", document.version}});
    told.written.push_back(row.act);
    Append(session, told, std::move(row));
  });
}

void FactsHistory::TakeBack(Told& told) {
  counter.database().Write([&](Session& session) {
    const auto id = storage::FindProject(session, told.number)->id;
    const auto last = storage::LastJournal(session, id);
    if (told.written.empty() || last->act != told.written.back()) return;
    storage::MarkDocumentsTakenBack(session, last->act);
    storage::JournalRow row;
    row.act = last->act + "-back";
    row.action = "take_back";
    row.states = storage::FindJournal(session, id, last->seq - 1)->states;
    row.body["taken_back"] = last->act;
    told.written.pop_back();
    Append(session, told, std::move(row));
    ++taken_back;
  });
}

void FactsHistory::Append(Session& session, const Told& told, storage::JournalRow row) {
  const auto project = storage::FindProject(session, told.number);
  row.project = project->id;
  row.seq = storage::LastJournal(session, project->id)->seq + 1;
  row.role = "program_admin";
  row.at = told.at;
  row.definition = project->definition;
  storage::AppendJournal(session, std::move(row));
  storage::Unfollow(session, project->id);
}

void FactsHistory::Move(Told& told) {
  counter.database().Write([&](Session& session) {
    auto project = *storage::FindProject(session, told.number);
    project.collection = std::vector{"numerique", "ia", "langues", ""}[random_() % 4];
    ++project.version;
    if (!storage::UpdateProject(session, project, project.version - 1)) {
      throw std::runtime_error("nobody else moves " + told.number);
    }
    ++moved;
  });
}

json FactsHistory::Application(const std::string& call) {
  json answers = json::object({{"title", "Projet"}});
  if (call == "mentor-2026") {
    if (!Once(4)) answers["interministerial"] = Once(2);
    return answers;
  }
  if (!Once(4)) answers["requested_amount"] = static_cast<double>(Below(9'000'000)) / 100;
  if (!Once(4)) answers["audience_size"] = Below(5'000);
  return answers;
}

// The families of the grid, most points of them, some with nothing that applies.
json FactsHistory::Grid() {
  static const std::map<std::string, std::vector<const char*>> kFamilies = {
      {"editorial", {"collection", "title", "tone", "jargon", "sources", "law"}},
      {"media", {"readable", "video", "captions", "rights"}},
      {"legal", {"privacy", "licence", "examples"}},
      {"technical", {"browsers", "tracking", "trackers"}}};
  json grid;
  for (const auto& [family, points] : kFamilies) {
    if (Once(5)) continue;
    const bool none = Once(6);
    for (const char* point : points) {
      const char* result = std::vector{"conform", "conform", "partial", "not", "na"}[random_() % 5];
      if (!Once(8)) grid[family][point] = {{"result", none ? "na" : result}};
    }
  }
  return grid;
}

// Of few people often enough, of nobody at times.
std::pair<std::string, json> FactsHistory::Results() {
  const auto tenths = [&](std::int64_t most) { return static_cast<double>(Below(most * 10)) / 10; };
  json answers = json::object({{"respondents", Once(2) ? Below(7) : Below(60)}});
  if (Once(3)) {
    if (!Once(5)) answers["reuse"] = tenths(100);
    return {"cold_results", answers};
  }
  if (!Once(5)) answers["participants"] = Below(90);
  if (!Once(5)) answers["satisfaction"] = tenths(100);
  if (!Once(5)) answers["completion"] = tenths(100);
  if (!Once(5)) answers["recommendation"] = tenths(200) - 100;
  return {"hot_results", answers};
}

std::pair<std::string, json> FactsHistory::Document(const std::string& call) {
  if (call == "fep-2026") {
    if (Once(3)) return {"application", Application(call)};
    if (Once(2)) return {"final_report", json::object({{"agents_reached", Below(4'000)}})};
    return {"committee_decision",
            json::object({{"granted_amount", static_cast<double>(Below(900'000)) / 10}})};
  }
  if (Once(3)) return Results();
  if (Once(2)) return {"quality_review", Grid()};
  json scores;
  for (const char* id : {"need", "reach", "fit", "pedagogy", "feasibility", "upkeep",
                         "accessibility", "innovation"}) {
    scores[id] = {{"score", Once(9) ? Below(6) : 3 + Below(2)}};
  }
  return {"score_sheet", json::object({{"scores", scores}})};
}

const std::vector<HistoryProject>& FactsHistory::Projects() {
  if (!projects_.empty()) return projects_;
  projects_ = counter.database().Read([](Session& session) {
    std::vector<HistoryProject> projects;
    storage::ProjectFilter filter;
    filter.limit = 1000;
    for (const auto& project : storage::ListProjects(session, filter)) {
      auto rows = storage::JournalOf(session, project.id);
      HistoryProject one{
          project.number, project.call, project.collection, project.administration, "", {}, {},
          project.erased};
      one.month = workflows::ParisDate(rows.front().at).substr(0, 7);
      one.acts = ActsThatStand(std::move(rows));
      std::set<std::pair<std::string, int>> told;  // by acts that stand
      for (const auto& act : one.acts) {
        if (!act.body.is_object()) continue;
        for (const auto& document : act.body.value("documents", json::array())) {
          told.emplace(document.at("form").get<std::string>(), document.at("version").get<int>());
        }
      }
      for (auto& document : storage::DocumentsOf(session, project.id)) {
        if (document.act.empty() || told.count({document.form, document.version}) > 0) {
          one.written.push_back(std::move(document));
        }
      }
      projects.push_back(std::move(one));
    }
    return projects;
  });
  return projects_;
}

}  // namespace aiguillage::web
