#include "web/points.h"

#include <algorithm>
#include <map>

#include "storage/journal.h"
#include "web/rails.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

constexpr int kDocumentsMax = 200;  // of other projects, for suggestions
constexpr std::size_t kSuggestionsMax = 6;

using storage::Document;

// Has the project stayed in the phase where the request was made? Arbitration and the like have
// none and end nothing; nor does an act that was taken back.
bool Stands(const workflows::Definition& definition,
            const std::vector<storage::JournalRow>& journal, const Document& request) {
  const Rails rails(definition.chart);
  std::vector<const storage::JournalRow*> lasting;
  for (const auto& row : journal) {
    if (row.action != "take_back") {
      lasting.push_back(&row);
    } else if (!lasting.empty()) {
      lasting.pop_back();  // only the last act can be
    }
  }
  std::string asked_in;
  for (const auto* row : lasting) {
    const std::string phase = rails.PhaseOf(row->states);
    if (row->act == request.act) {
      asked_in = phase;
    } else if (!asked_in.empty() && !phase.empty() && phase != asked_in) {
      return false;
    }
  }
  return !asked_in.empty();
}

const Document* LastRequest(const workflows::Definition& definition, const Sight& sight,
                            const std::vector<Document>& documents) {
  const Document* found = nullptr;
  for (const auto& document : documents) {
    const auto* form = FormOf(definition, document.form);
    if (form == nullptr || document.taken_back || forms::AskingField(*form) == nullptr) continue;
    if (sight.MayRead(form, document)) found = &document;
  }
  return found;
}

// Later answers win, point by point.
void TakeAnswers(const workflows::Definition& definition, const std::vector<Document>& documents,
                 const Document& request, Checklist& list) {
  for (const auto& document : documents) {
    const auto* form = FormOf(definition, document.form);
    if (form == nullptr || document.id <= request.id || document.taken_back) continue;
    if (forms::ChecklistField(*form) == nullptr) continue;
    list.answered = workflows::FrenchDate(document.at);
    for (const auto& said : forms::PointsAnswered(*form, document.answers)) {
      for (auto& line : list.lines) {
        if (line.point.part != said.part || line.point.asked != said.asked) continue;
        line.point.done = said.done;
        line.point.answer = said.answer;
      }
    }
  }
}

// The part as it was when the point was asked, and as it is now.
void CompareParts(const std::vector<Document>& documents, const Document& request,
                  const std::vector<storage::File>& files, const workflows::Definition& definition,
                  const Sight& sight, const Editing& editing, PointLine& line) {
  const std::string& part = line.point.part;
  const std::size_t dot = part.find('.');
  const auto* form = FormOf(definition, part.substr(0, dot));
  if (dot == std::string::npos || form == nullptr) return;
  const Document *before = nullptr, *after = nullptr;
  for (const auto& document : documents) {
    if (document.form != form->id || document.taken_back || !sight.MayRead(form, document)) {
      continue;
    }
    after = &document;
    if (document.id < request.id) before = &document;
  }
  if (after == nullptr) return;
  const bool here = editing.form != nullptr && editing.form->id == form->id;
  const std::string path = part.substr(dot + 1);
  const std::string was = before == nullptr ? "" : TextOfPart(*form, before->answers, path, files);
  const std::string is = TextOfPart(*form, here ? *editing.answers : after->answers, path, files);
  line.tied = true;
  line.changed = was != is;
  line.words = CompareWords(was, is);
}

std::string TextIn(const nlohmann::json& row, const char* name) {
  return row.is_object() && row.contains(name) && row[name].is_string()
             ? row[name].get<std::string>()
             : "";
}

bool SpeaksOf(const std::vector<std::string>& about, const std::string& part) {
  return part.empty() || std::any_of(about.begin(), about.end(), [&](const std::string& form) {
           return part.starts_with(form + ".");
         });
}

}  // namespace

std::vector<forms::Point> Checklist::Points() const {
  std::vector<forms::Point> points;
  for (const auto& line : lines) points.push_back(line.point);
  return points;
}

std::size_t Checklist::left() const {
  return static_cast<std::size_t>(std::count_if(
      lines.begin(), lines.end(), [](const PointLine& line) { return !line.point.done; }));
}

std::optional<Checklist> ChecklistOf(const Visit& visit, storage::Session& session,
                                     const Sight& sight, const workflows::Definition& definition,
                                     const Editing& editing) {
  const auto& project = *visit.project;
  const auto documents = storage::DocumentsOf(session, project.id);
  const Document* request = LastRequest(definition, sight, documents);
  if (request == nullptr) return std::nullopt;
  const auto journal = storage::JournalOf(session, project.id);
  if (!Stands(definition, journal, *request)) return std::nullopt;
  const auto* form = FormOf(definition, request->form);
  Checklist list;
  list.title = form->title;
  list.asked_on = workflows::FrenchDate(request->at);
  list.href = "/projets/" + project.number + "/documents/" + request->form + "/" +
              std::to_string(request->version);
  for (const auto& row : journal) {
    if (row.act == request->act) {
      list.asked_by = ActorWords(session, sight, row.person, row.on_behalf_of, row.role);
    }
  }
  for (auto& point : forms::PointsAsked(*form, request->answers)) {
    list.lines.push_back({std::move(point), false, false, {}});
  }
  if (list.lines.empty()) return std::nullopt;
  TakeAnswers(definition, documents, *request, list);
  const auto files = storage::FilesOf(session, project.id);
  for (auto& line : list.lines) {
    CompareParts(documents, *request, files, definition, sight, editing, line);
  }
  return list;
}

void AddWords(View& row, const WordDifference& words) {
  for (const auto& [name, pieces] :
       {std::pair("before", &words.before), std::pair("after", &words.after)}) {
    row.SetList(name);
    for (const auto& piece : *pieces) {
      row.AddRow(name).Set("piece", piece.text).Set("piece_changed", piece.changed);
    }
  }
}

void AddChecklist(View& view, const std::optional<Checklist>& checklist) {
  view.Set("has_points", checklist.has_value()).SetList("points");
  const Checklist none;
  const Checklist& list = checklist ? *checklist : none;
  const auto count = static_cast<std::int64_t>(list.lines.size());
  const auto left = static_cast<std::int64_t>(list.left());
  view.Set("points_title", list.title)
      .Set("points_by", list.asked_by)
      .Set("points_on", list.asked_on)
      .Set("points_href", list.href)
      .Set("points_answered", list.answered)
      .Set("points_left", left == 0 ? "tout est coché"
                                    : Plural(left, "point reste", "points restent") + " sur " +
                                          std::to_string(count));
  for (const auto& line : list.lines) {
    View& row = view.AddRow("points");
    row.Set("pt_label", line.point.label)
        .Set("pt_asked", line.point.asked)
        .Set("pt_importance", line.point.importance)
        .Set("pt_done", line.point.done)
        .Set("pt_answer", line.point.answer)
        .Set("pt_tied", line.tied)
        .Set("pt_changed", line.changed);
    AddWords(row, line.words);
  }
}

std::vector<std::string> AboutOf(const workflows::Definition& definition,
                                 const engine::Action& action) {
  for (const auto& transition : definition.chart.transitions) {
    const bool named = std::find(transition.events.begin(), transition.events.end(), action.id) !=
                       transition.events.end();
    const auto& about = engine::Attribute(transition, "about");
    if (named && engine::Attribute(transition, "form") == action.form && !about.empty()) {
      return SplitWords(about);
    }
  }
  return {"application"};  // rails that say nothing: what every project has
}

std::vector<Suggestion> SuggestionsFor(const Visit& visit, storage::Session& session,
                                       const Sight& sight, const workflows::Definition& definition,
                                       const forms::Form& form,
                                       const std::vector<std::string>& about,
                                       const nlohmann::json& answers) {
  std::vector<Suggestion> suggestions;
  const auto* table = forms::AskingField(form);
  if (table == nullptr) return suggestions;
  std::vector<std::pair<std::string, std::string>> known;  // asked already, or suggested
  for (const auto& point : forms::PointsAsked(form, answers)) {
    known.emplace_back(point.part, point.asked);
  }
  const auto add = [&](const forms::Point& point, bool of_project) {
    const std::pair<std::string, std::string> key(point.part, point.asked);
    if (!SpeaksOf(about, point.part) || suggestions.size() == kSuggestionsMax) return;
    if (std::find(known.begin(), known.end(), key) != known.end()) return;
    known.push_back(key);
    suggestions.push_back({point.part, point.label, point.asked, of_project});
  };
  if (const auto list = ChecklistOf(visit, session, sight, definition)) {
    for (const auto& line : list->lines) {
      if (!line.point.done && line.point.asked.size() <= 1000) add(line.point, true);
    }
  }
  if (!sight.all_papers || visit.project->collection.empty()) return suggestions;
  std::map<std::pair<std::string, std::string>, int> times;
  for (const auto& document : storage::DocumentsInCollection(
           session, form.id, visit.project->collection, visit.project->id, kDocumentsMax)) {
    const auto rows = document.answers.find(table->name);
    if (rows == document.answers.end() || !rows->is_array()) continue;
    for (const auto& row : *rows) ++times[{TextIn(row, "part"), TextIn(row, "expected")}];
  }
  std::vector<std::pair<int, std::pair<std::string, std::string>>> ranked;
  for (const auto& [key, count] : times) {
    if (!key.second.empty()) ranked.emplace_back(count, key);
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [count, key] : ranked) {
    nlohmann::json one = {{table->name, {{{"part", key.first}, {"expected", key.second}}}}};
    add(forms::PointsAsked(form, one).front(), false);
  }
  return suggestions;
}

}  // namespace aiguillage::web
