#include "notifications/steering.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "notifications/call_mail.h"
#include "notifications/mail_link.h"
#include "storage/calls.h"
#include "storage/dossiers.h"
#include "storage/flow.h"
#include "storage/projects.h"
#include "storage/publication_slots.h"
#include "workflows/calendar.h"
#include "workflows/flow.h"
#include "workflows/roles.h"

namespace aiguillage::notifications {
namespace {

using nlohmann::json;

constexpr const char* kToldMonth = "steering.month";  // the last one, « 2027-05 »
constexpr int kSteeringHour = 8;
constexpr std::size_t kLinesMax = 90, kLatePlaces = 3, kTitlesTold = 5;

std::string MonthBefore(const std::string& month) {
  return workflows::IsoDay(workflows::DayOf(month + "-01") - 1).substr(0, 7);
}

// The month whose mail is due, be it late.
std::string MonthDue(std::int64_t now) {
  const std::string month = workflows::ParisDate(now).substr(0, 7);
  return now >= SteeringDue(month) ? month : MonthBefore(month);
}

// A record without a word of it begins: with projects from before, it only just learnt to tell.
bool Begins(storage::Session& session, std::int64_t due) {
  const auto ids = storage::ProjectIdsAfter(session, 0, 1);
  const auto first = ids.empty() ? std::nullopt : storage::FindProjectById(session, ids[0]);
  return !first || first->created_at >= due;
}

bool IsTold(storage::Session& session, const std::string& month) {
  const auto told = storage::FindSetting(session, kToldMonth);
  return told ? *told >= month : Begins(session, SteeringDue(month));
}

std::string Count(std::int64_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count < 2 ? one : many);
}

// What a step is called, and where it comes among the others.
struct Step {
  std::size_t place = 0;
  std::string label;
  bool final = false;
};
Step StepOf(const workflows::Definition* definition, const std::string& state) {
  const auto* node = definition == nullptr ? nullptr : engine::FindState(definition->chart, state);
  if (node == nullptr) return {SIZE_MAX, state, false};
  const std::string& label = engine::Attribute(*node, "label");
  return {static_cast<std::size_t>(node->index), label.empty() ? state : label,
          node->kind == engine::StateKind::kFinal};
}

struct Standing {
  std::int64_t count = 0, overdue = 0, entered = 0, gone = 0;
};

struct MonthFlow {
  std::map<std::string, Standing> moves;  // by state: entered, gone
  std::int64_t arrived = 0;
};
MonthFlow FlowOfMonth(storage::Session& session, const std::string& call,
                      const std::string& month) {
  storage::FlowFilter filter;
  filter.calls = {call};
  filter.from_day = workflows::DayOf(month + "-01");
  filter.to_day =
      workflows::DayOf(workflows::IsoDay(filter.from_day + 31).substr(0, 7) + "-01") - 1;
  MonthFlow flow;
  for (const auto& day : storage::FlowByDay(session, filter)) {
    flow.moves[day.state].entered += day.entered;
    flow.moves[day.state].gone += day.gone;
    flow.arrived += day.arrived;
  }
  return flow;
}

void AddLine(json& lines, const std::string& label, const std::string& value) {
  if (lines.size() < kLinesMax) lines.push_back({{"label", label}, {"value", value}});
}

// « 5 en retard : Validation du cadrage, Numérique »: the three places with the most of them.
std::string LateWords(storage::Session& session, const workflows::Definition* definition,
                      const std::vector<storage::PipelineCell>& cells) {
  std::vector<storage::PipelineCell> late = cells;
  std::erase_if(late, [](const auto& cell) { return cell.overdue == 0; });
  std::stable_sort(late.begin(), late.end(),
                   [](const auto& one, const auto& other) { return one.overdue > other.overdue; });
  if (late.size() > kLatePlaces) late.resize(kLatePlaces);
  std::string words;
  for (const auto& cell : late) {
    const auto collection = storage::FindCollection(session, cell.collection);
    words += (words.empty() ? "" : " ; ") + std::to_string(cell.overdue) + " à l’étape « " +
             StepOf(definition, cell.state).label + " », " +
             (collection ? collection->label : "sans collection");
  }
  return words;
}

std::string PublicationWords(storage::Session& session, const std::string& call,
                             const std::string& month) {
  const auto out = storage::PublishedBetween(session, month + "-01", month + "-31",
                                             std::vector<std::string>{call});
  if (out.empty()) return "";
  std::string words =
      Count(static_cast<std::int64_t>(out.size()), "formation", "formations") + " : ";
  for (std::size_t i = 0; i < out.size() && i < kTitlesTold; ++i) {
    words += (i == 0 ? "« " : ", « ") + out[i].title + " »";
  }
  return words + (out.size() > kTitlesTold ? "…" : "");
}

// What a call's month was, in lines.
void TellOfCall(json& lines, storage::Session& session, workflows::Catalog& catalog,
                const storage::Call& call, const std::string& month, std::int64_t now) {
  const auto definition = catalog.Newest(call.definition);
  const auto cells = storage::Pipeline(session, call.id, now);
  const MonthFlow flow = FlowOfMonth(session, call.id, month);
  const std::int64_t before = FlowOfMonth(session, call.id, MonthBefore(month)).arrived;
  std::map<std::string, Standing> standings = flow.moves;
  std::int64_t all = 0, living = 0, overdue = 0;
  for (const auto& cell : cells) {
    standings[cell.state].count += cell.count;
    standings[cell.state].overdue += cell.overdue;
    all += cell.count;
    living += StepOf(definition.get(), cell.state).final ? 0 : cell.count;
    overdue += cell.overdue;
  }
  if (all == 0) return AddLine(lines, call.title, "aucun projet pour l’instant");
  AddLine(lines, call.title,
          Count(living, "projet en cours", "projets en cours") + ", " +
              Count(all - living, "terminé", "terminés") + " ; " +
              Count(flow.arrived, "dossier arrivé", "dossiers arrivés") + " en " +
              workflows::MonthWords(month) + ", contre " + std::to_string(before) +
              " le mois d’avant");
  std::map<std::pair<std::size_t, std::string>, const Standing*> ordered;
  for (const auto& [state, standing] : standings) {
    const Step step = StepOf(definition.get(), state);
    ordered[{step.place, step.label}] = &standing;
  }
  for (const auto& [step, standing] : ordered) {
    if (standing->count + standing->entered + standing->gone == 0) continue;
    AddLine(lines, step.second,
            Count(standing->count, "projet", "projets") +
                (standing->overdue == 0
                     ? ""
                     : ", dont " + std::to_string(standing->overdue) + " en retard") +
                (standing->entered + standing->gone == 0
                     ? " ; rien n’a bougé"
                     : " ; " + Count(standing->entered, "entré", "entrés") + ", " +
                           Count(standing->gone, "sorti", "sortis")));
  }
  const std::string out = PublicationWords(session, call.id, month);
  AddLine(lines, "Mises en ligne", out.empty() ? "aucune dans le mois" : out);
  AddLine(lines, "Retards", overdue == 0 ? "aucun" : LateWords(session, definition.get(), cells));
}

// Whom to tell, and of which calls: those of a pilot's grants that live.
std::map<std::int64_t, std::set<std::string>> CallsByPilot(storage::Session& session) {
  std::map<std::int64_t, std::set<std::string>> calls;
  for (const auto& call : storage::Calls(session)) {
    if (call.status != "published" && call.status != "closed") continue;
    for (const auto& pilot : PeopleOfCall(session, "program_admin", call.id)) {
      calls[pilot.id].insert(call.id);
    }
  }
  return calls;
}

struct SteeringReader {
  CallReader reader;
  std::set<std::string> calls;
};

// The pilots, and who stands in for those who are absent; each once, whatever makes them a reader.
std::vector<SteeringReader> SteeringReaders(storage::Session& session, std::int64_t now) {
  std::map<std::int64_t, SteeringReader> by_person;
  const auto pilots = CallsByPilot(session);
  for (const auto& [person, calls] : pilots) {
    by_person[person] = {{storage::FindPerson(session, person).value(), ""}, calls};
  }
  for (const auto& [person, calls] : pilots) {
    const auto pilot = by_person[person].reader.person;
    for (const auto& call : calls) {  // a loan of one call is not of the others
      for (auto& reader : CallReaders(session, {pilot}, {"", workflows::CallScope(call)}, now)) {
        const std::int64_t id = reader.person.id;
        by_person.try_emplace(id, SteeringReader{std::move(reader), {}})
            .first->second.calls.insert(call);
      }
    }
  }
  std::vector<SteeringReader> readers;
  for (auto& [person, reader] : by_person) readers.push_back(std::move(reader));
  return readers;
}

void Queue(storage::Session& session, workflows::Catalog& catalog, const std::string& due_month,
           std::int64_t now) {
  const std::string month = MonthBefore(due_month);
  std::map<std::string, json> told;  // a call's lines are the same for each of its pilots
  for (const auto& call : storage::Calls(session)) {
    json lines = json::array();
    TellOfCall(lines, session, catalog, call, month, now);
    told[call.id] = std::move(lines);
  }
  for (const auto& [reader, calls] : SteeringReaders(session, now)) {
    json lines = json::array();
    for (const auto& call : calls) {
      for (const auto& line : told.at(call)) {
        AddLine(lines, line.at("label"), line.at("value"));
      }
    }
    if (lines.size() == kLinesMax)
      lines.push_back({{"label", "…"}, {"value", "la suite est sur la page"}});
    storage::OutboxRow row;
    row.topic = kSteeringTemplate;
    row.key = "steering-" + due_month;
    row.payload = {{"date", workflows::MonthWords(month)},
                   {"due", workflows::FrenchDate(now)},
                   {"items", std::move(lines)}};
    QueueCallMail(session, row, reader, false, now);
  }
}

}  // namespace

std::int64_t SteeringDue(const std::string& month) {
  std::int64_t day = workflows::DayOf(month + "-01");
  while (!workflows::IsWorkingDay(workflows::IsoDay(day), {})) ++day;
  return workflows::ParisHour(workflows::IsoDay(day), kSteeringHour);
}

std::vector<Firing> TellOfTheMonth(storage::Database& database, workflows::Catalog& catalog,
                                   std::int64_t now, bool dry_run) {
  const std::string month = MonthDue(now);
  const auto told = [&](storage::Session& session) {
    const auto known = storage::FindSetting(session, kToldMonth);
    return std::pair(IsTold(session, month), known && *known >= month);
  };
  const auto [is_told, noted] = database.Read(told);
  if (noted || (is_told && dry_run)) return {};
  Firing firing;
  firing.event = "steering.month " + MonthBefore(month);
  firing.due_at = SteeringDue(month);
  firing.mails = {kSteeringTemplate};
  database.Read([&](storage::Session& session) {
    for (const auto& [reader, calls] : SteeringReaders(session, now)) {
      firing.told.push_back(reader.person.email);
    }
  });
  if (!dry_run) {
    while (!is_told && workflows::FollowMoves(database, catalog)) {
    }
    const bool ours = database.Write([&](storage::Session& session) {
      const auto [again, done] = told(session);
      if (done) return false;  // another process was quicker
      if (!again) Queue(session, catalog, month, now);
      storage::SaveSetting(session, kToldMonth, month);
      return !again;
    });
    if (!ours) return {};
  }
  return firing.told.empty() ? std::vector<Firing>() : std::vector<Firing>{firing};
}

}  // namespace aiguillage::notifications
