#include "web/figures/shown.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "storage/calls.h"
#include "storage/projects.h"
#include "web/figures/methods.h"
#include "web/figures/tables.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

constexpr std::size_t kWordMax = 100;

// As JavaScript reads it; "" without.
std::string PlainNumber(const FigureCell& cell) {
  const auto value = cell.hidden.empty() ? ValueOf(cell) : std::nullopt;
  if (!value) return "";
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), *value);
  return {text.data(), end.ptr};
}

void AddOption(View& view, const char* list, const std::string& value, const std::string& label,
               bool selected) {
  view.AddRow(list)
      .Set("option_value", value)
      .Set("option_label", label)
      .Set("option_selected", selected);
}

// « ce mois » and the like, as addresses; the one that is shown is marked.
void AddShortcuts(View& view, const FiguresAsked& asked, const std::string& panel,
                  std::int64_t now) {
  const std::string today = workflows::ParisDate(now);
  const auto before = [&](const char* span) {
    return workflows::DayBefore(workflows::ParseDeadlineRule(span).value(), today, {});
  };
  const std::pair<const char*, std::string> shortcuts[] = {{"depuis l’ouverture", ""},
                                                           {"ce mois", today.substr(0, 8) + "01"},
                                                           {"30 jours", before("30 jours")},
                                                           {"12 mois", before("12 mois")}};
  view.SetList("shortcuts");
  for (const auto& [label, from] : shortcuts) {
    FiguresAsked other = asked;
    other.words.from = from;
    other.words.to = from.empty() ? "" : today;
    const bool here = other.words.from == asked.words.from && other.words.to == asked.words.to;
    view.AddRow("shortcuts")
        .Set("shortcut_label", label)
        .Set("shortcut_href", FiguresAddress(panel, other))
        .Set("shortcut_here", here);
  }
}

std::string PeriodWords(const FigureQuestion& question) {
  const std::string from = FrenchIsoDate(question.from), to = FrenchIsoDate(question.to);
  if (question.from.empty() && question.to.empty()) return "depuis l’ouverture";
  if (question.from.empty()) return "jusqu’au " + to;
  return question.to.empty() ? "depuis le " + from : "du " + from + " au " + to;
}

}  // namespace

std::string FiguresAsked::Query() const {
  return QueryOf({{"appel", words.call},
                  {"collection", words.collection},
                  {"de", words.from},
                  {"a", words.to},
                  {"le", words.on},
                  {"comparer", compared}});
}

FiguresAsked FiguresAsked::Compared() const {
  FiguresAsked other = *this;
  other.words.call = compared;
  other.compared.clear();
  return other;
}

FiguresAsked AskedBy(const Visit& visit) {
  const auto word = [&](const char* name) {
    return Trim(visit.request.Query(name)).substr(0, kWordMax);
  };
  return {{word("appel"), word("collection"), word("de"), word("a"), word("le")}, word("comparer")};
}

std::string FiguresAddress(const std::string& panel, const FiguresAsked& asked) {
  return kFiguresRoot + panel + asked.Query();
}

std::string FigureFileAddress(const std::string& panel, const std::string& kind,
                              const std::string& figure, const FiguresAsked& asked) {
  return kFiguresRoot + panel + "/tableau." + kind +
         QueryOf({{"chiffre", figure},
                  {"appel", asked.words.call},
                  {"collection", asked.words.collection},
                  {"de", asked.words.from},
                  {"a", asked.words.to},
                  {"le", asked.words.on},
                  {"comparer", asked.compared}});
}

std::vector<const Panel*> PanelsNamed(const std::string& id) {
  std::vector<const Panel*> found;
  for (const Panel& panel : Panels()) {
    if (id == kEveryPanel || id == panel.id) found.push_back(&panel);
  }
  if (found.empty()) throw HttpError(404, "Il n’y a pas de chiffres à cette adresse.");
  return found;
}

void ThrowRefused(const engine::Refusal& refusal) {
  throw HttpError(refusal.code == "foreign_call" ? 403 : 422, refusal.sentence);
}

std::string CallsWords(storage::Session& session, const FigureQuestion& question) {
  if (question.calls.size() > 1) return "Tous les appels";
  const auto call = storage::FindCall(session, question.calls.front());
  return call ? call->title : question.calls.front();
}

std::string QuestionWords(storage::Session& session, const FigureQuestion& question) {
  std::string words = CallsWords(session, question);
  if (question.collection == storage::kNoCollection) words += ", sans collection";
  if (const auto collection = storage::FindCollection(session, question.collection)) {
    words += ", collection " + collection->label;
  }
  words += ", " + PeriodWords(question);
  return question.on.empty()
             ? words
             : words + ", projets là où ils étaient le " + FrenchIsoDate(question.on);
}

void AddPilotTabs(View& view, const std::string& here, const FiguresAsked& asked) {
  view.SetList("pilot_tabs");
  const auto add = [&](const std::string& label, const std::string& href, bool is_here) {
    view.AddRow("pilot_tabs")
        .Set("tab_label", label)
        .Set("tab_href", href)
        .Set("tab_here", is_here);
  };
  add("Vue d’ensemble", "/pilotage" + QueryOf({{"appel", asked.words.call}}), here.empty());
  for (const Panel& panel : Panels()) {
    add(panel.title, FiguresAddress(panel.id, asked), here == panel.id);
  }
  add("Tous les chiffres", FiguresAddress(kEveryPanel, asked), here == kEveryPanel);
}

bool AsksADay(const std::string& panel) { return panel == "maintenant" || panel == kEveryPanel; }

void AddFiguresForm(View& view, Visit& visit, storage::Session& session, const FiguresAsked& asked,
                    const std::string& panel, const engine::Refusal& refusal) {
  const auto shown = CallsFor(Rule::kSteering, *visit.visitor);
  view.SetList("calls").SetList("collections").SetList("others");
  if (shown.all) AddOption(view, "calls", "", "Tous les appels", asked.words.call.empty());
  for (const auto& call : storage::Calls(session)) {
    if (!shown.Has(call.id)) continue;
    AddOption(view, "calls", call.id, call.title, call.id == asked.words.call);
    AddOption(view, "others", call.id, call.title, call.id == asked.compared);
  }
  for (const auto& one : storage::Collections(session)) {
    AddOption(view, "collections", one.slug, (one.parent.empty() ? "" : "– ") + one.label,
              one.slug == asked.words.collection);
  }
  AddOption(view, "collections", storage::kNoCollection, "Sans collection",
            asked.words.collection == storage::kNoCollection);
  AddShortcuts(view, asked, panel, visit.now);
  const std::string& code = refusal.code;
  view.Set("form_action", kFiguresRoot + panel)
      .Set("from", asked.words.from)
      .Set("to", asked.words.to)
      .Set("asks_a_day", AsksADay(panel))
      .Set("on", asked.words.on)
      .Set("bad_on", code == "bad_on")
      .Set("trouble", refusal.sentence)
      .Set("bad_call", code == "unknown_call" || code == "no_call")
      .Set("bad_collection", code == "unknown_collection")
      .Set("bad_from", code == "bad_from" || code == "bad_period")
      .Set("bad_to", code == "bad_to" || code == "bad_period")
      .Set("bad_other", code == "unknown_other" || code == "same_call");
}

void FillFigure(View& view, const Figure& figure, const std::string& panel,
                const FiguresAsked& asked, const std::string& part, const std::string& whose) {
  const FigureMethod& method = MethodOf(figure.id);
  view.Set("fig_id", "chiffre-" + figure.id + part)
      .Set("fig_title", method.title)
      .Set("fig_whose", whose)
      .Set("fig_definition", method.definition)
      .Set("fig_method", MethodAddress(figure.id))
      .Set("fig_chart", figure.rows.empty() ? "" : method.chart)
      .Set("fig_empty", figure.rows.empty() ? figure.empty : "")
      .Set("fig_csv", FigureFileAddress(panel, "csv", figure.id, asked))
      .Set("fig_xlsx", FigureFileAddress(panel, "xlsx", figure.id, asked));
  view.SetList("fig_columns").SetList("fig_rows");
  for (const auto& column : figure.columns) {
    const auto& drawn = method.drawn;
    view.AddRow("fig_columns")
        .Set("col_drawn", std::find(drawn.begin(), drawn.end(), column.id) != drawn.end())
        .Set("col_label", column.label)
        .Set("col_kind", NameOf(column.kind))
        .Set("col_number", IsNumber(column.kind));
  }
  for (const auto& row : figure.rows) {
    View& line = view.AddRow("fig_rows");
    line.SetList("cells");
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto kind = figure.columns.at(i).kind;
      const std::string words = WordsOf(kind, row[i]);
      if (i == 0) {
        line.Set("row_words", words).Set("row_href", row[i].href);
        continue;
      }
      line.AddRow("cells")
          .Set("cell_words", words)
          .Set("cell_href", row[i].href)
          .Set("cell_value", PlainNumber(row[i]))
          .Set("cell_number", IsNumber(kind));
    }
  }
}

}  // namespace aiguillage::web
