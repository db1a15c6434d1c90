// The stays behind a figure, a line each: which project, in which step, from when to when.
#include "web/figures/passages.h"

#include <sstream>

#include "web/page.h"
#include "web/table_file.h"
#include "web/text.h"
#include "web/words.h"
#include "workflows/calendar.h"
#include "workflows/flow.h"

namespace aiguillage::web {

namespace {

constexpr int kPassagesPerPage = 50;
constexpr int kPassagesFileMax = 50'000;
constexpr int kDaysAskedMax = 100'000;
constexpr std::size_t kStatesMax = 4000;  // characters

// A word that can be no id is answered like one that nobody uses: with nothing found.
std::string WordIn(const Visit& visit, const char* name, std::size_t most = 100) {
  const std::string value = visit.request.Query(name).substr(0, most);
  return IsCleanText(value) ? value : "?";
}

std::string DayIn(const Visit& visit, const char* name) {
  const std::string value = visit.request.Query(name);
  if (value.empty() || workflows::DayOf(value) != 0) return value;
  throw HttpError(
      422, "« " + value.substr(0, 40) + " » n’est pas une date : écrivez-la ainsi, 2026-11-23.");
}

int NumberIn(const Visit& visit, const char* name) {
  const auto number = IdIn(visit.request.Query(name));
  return number && *number <= kDaysAskedMax ? static_cast<int>(*number) : 0;
}

PassagesAsked ReadAsked(const Visit& visit, const CallsShown& shown) {
  const auto flag = [&](const char* name) { return visit.request.Query(name) == "1"; };
  PassagesAsked asked;
  asked.call = WordIn(visit, "appel");
  if (!asked.call.empty() && !shown.Has(asked.call)) {
    throw HttpError(403, "Cet appel n’est pas de ceux où vous avez un rôle.");
  }
  asked.collection = WordIn(visit, "collection");
  asked.state = WordIn(visit, "etape", kStatesMax);
  asked.phase = WordIn(visit, "phase");
  asked.finals = flag("fins");
  asked.outcome = WordIn(visit, "suite");
  asked.from = DayIn(visit, "de");
  asked.to = DayIn(visit, "a");
  asked.entered = flag("entree");
  asked.first = flag("arrivee");
  asked.open = flag("en_cours");
  asked.columns = flag("principales");
  asked.days_min = NumberIn(visit, "jours");
  asked.pass = NumberIn(visit, "passage");
  asked.on = DayIn(visit, "le");
  asked.alone = flag("seule");
  asked.underway = flag("chemin");
  asked.rails = WordIn(visit, "rails");
  asked.publishing = flag("en_ligne");
  return asked;
}

// « Passages à l’étape « Validation du cadrage », terminés depuis le 1 mars 2026, de 12 jours au
// moins »
std::string AskedWords(const PassagesAsked& asked, const CallRails& rails) {
  std::string words = "Passages";
  std::istringstream states(asked.state);
  for (std::string state; std::getline(states, state, ',');) {
    words += (words == "Passages" ? " à l’étape « " : " ou « ") + rails.Label(state) + " »";
  }
  if (asked.phase == "-") words += " hors des étapes";
  std::istringstream phases(asked.phase == "-" ? "" : asked.phase);
  for (std::string phase; std::getline(phases, phase, ',');) {
    words += (words == "Passages" ? " dans l’étape « " : " ou « ") + rails.PhaseLabel(phase) + " »";
  }
  if (asked.finals) words += " à une fin";
  if (asked.underway) words += " de projets qui ne sont pas encore arrivés";
  if (asked.publishing) words += ", des appels qui mettent en ligne";
  if (asked.first) words += ", première étape du projet";
  if (asked.outcome == "reprise") words += ", renvoyés pour reprise";
  if (asked.outcome == "fin") words += ", où le projet s’est arrêté";
  if (asked.outcome == "avant") words += ", acceptés";
  const std::string when = asked.entered ? "commencés" : "terminés";
  if (asked.open) words += ", en cours";
  if (!asked.on.empty()) words += ", en cours le " + FrenchIsoDate(asked.on);
  if (!asked.from.empty()) words += ", " + when + " depuis le " + FrenchIsoDate(asked.from);
  if (!asked.to.empty()) words += ", " + when + " jusqu’au " + FrenchIsoDate(asked.to);
  if (asked.days_min > 0) {
    words += ", de " + Plural(asked.days_min, "jour", "jours") + " au moins";
  }
  if (asked.pass > 0) words += ", passage numéro " + std::to_string(asked.pass);
  if (words != "Passages") return words;
  return asked.entered ? "Tous les passages" : "Tous les passages terminés";
}

struct Passages {
  PassagesAsked asked;
  std::string words;
  std::int64_t count = 0;
  std::vector<storage::StayRow> rows;
  std::vector<std::string> labels, nexts;  // of each row
};

Passages Read(Visit& visit, int limit, int offset) {
  const auto shown = CallsFor(Rule::kSteering, *visit.visitor);
  Passages passages;
  passages.asked = ReadAsked(visit, shown);
  visit.services.database.Read([&](storage::Session& session) {
    std::vector<std::string> calls;
    for (const auto& call : storage::Calls(session)) {
      if (shown.Has(call.id)) calls.push_back(call.id);
    }
    if (passages.asked.publishing) {
      calls = CallsThatPublish(session, visit.services.catalog, std::move(calls));
    }
    // The rails that the figure was read by.
    const CallRails rails(session, visit.services.catalog,
                          passages.asked.call.empty() ? calls : std::vector{passages.asked.call});
    storage::FlowFilter filter = FilterOf(session, rails, passages.asked, calls);
    if (calls.empty()) filter.calls = {""};
    const auto end = passages.asked.entered ? storage::StayEnd::kEntered : storage::StayEnd::kLeft;
    passages.words = AskedWords(passages.asked, rails);
    if (!shown.all) passages.words += ", dans les appels que vous voyez";
    passages.count = storage::CountStays(session, filter, end);
    passages.rows = storage::ListStays(session, filter, end, limit, offset);
    for (const auto& row : passages.rows) {
      passages.labels.push_back(rails.Label(row.stay.state));
      passages.nexts.push_back(row.stay.next.empty() ? "" : rails.Label(row.stay.next));
    }
  });
  return passages;
}

TableFile FileOf(Visit& visit) {
  const Passages passages = Read(visit, kPassagesFileMax, 0);
  if (passages.count > kPassagesFileMax) {
    throw HttpError(422,
                    "Cette liste a plus de 50 000 lignes : choisissez une période ou une étape.");
  }
  TableFile table{"Passages",
                  {"Projet", "Titre", "Appel", "Étape", "Passage", "Entré le", "Sorti le", "Jours",
                   "Étape suivante"},
                  {}};
  for (std::size_t i = 0; i < passages.rows.size(); ++i) {
    const auto& row = passages.rows[i];
    const bool over = !row.stay.next.empty();
    table.rows.push_back(
        {row.number, row.title, row.call, passages.labels[i], TableCell::Number(row.stay.pass),
         TableCell::Day(workflows::IsoDay(row.stay.entered_day)),
         TableCell::Day(over ? workflows::IsoDay(row.stay.left_day) : ""),
         over ? TableCell::Number(static_cast<double>(row.stay.left_day - row.stay.entered_day))
              : TableCell(),
         passages.nexts[i]});
  }
  return table;
}

}  // namespace

Response PassagesCsv(Visit& visit) { return AnswerWith(FileOf(visit), "csv", "passages"); }
Response PassagesXlsx(Visit& visit) { return AnswerWith(FileOf(visit), "xlsx", "passages"); }

Response PassagesPage(Visit& visit) {
  const int page = PageAsked(visit);
  const Passages passages = Read(visit, kPassagesPerPage, (page - 1) * kPassagesPerPage);
  View view;
  view.SetList("rows");
  for (std::size_t i = 0; i < passages.rows.size(); ++i) {
    const auto& row = passages.rows[i];
    const bool over = !row.stay.next.empty();
    view.AddRow("rows")
        .Set("row_number", row.number)
        .Set("row_title", row.title.empty() ? row.number : row.title)
        .Set("row_state", passages.labels[i])
        .Set("row_pass", row.stay.pass > 1 ? std::to_string(row.stay.pass) + "e passage" : "")
        .Set("row_entered", FrenchIsoDate(workflows::IsoDay(row.stay.entered_day)))
        .Set("row_left", over ? FrenchIsoDate(workflows::IsoDay(row.stay.left_day)) : "en cours")
        .Set("row_days", over ? std::to_string(row.stay.left_day - row.stay.entered_day) : "")
        .Set("row_next", passages.nexts[i]);
  }
  const std::int64_t pages =
      std::max<std::int64_t>(1, (passages.count + kPassagesPerPage - 1) / kPassagesPerPage);
  const std::string address = PassagesAddress(passages.asked);
  const std::string query = address.substr(std::string("/pilotage/passages").size());
  view.Set("words", passages.words)
      .Set("count", Plural(passages.count, "passage", "passages"))
      .Set("csv_href", "/pilotage/passages.csv" + query)
      .Set("xlsx_href", "/pilotage/passages.xlsx" + query)
      .Set("several_pages", pages > 1)
      .Set("page_words", "page " + std::to_string(page) + " sur " + std::to_string(pages))
      .Set("previous", page > 1 ? PassagesAddress(passages.asked, page - 1) : "")
      .Set("next", page < pages ? PassagesAddress(passages.asked, page + 1) : "");
  return Page(visit, 200, "passages", "Passages", std::move(view));
}

}  // namespace aiguillage::web
