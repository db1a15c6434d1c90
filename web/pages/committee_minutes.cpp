// The minutes of a sitting: to print and sign, or as a table for a spreadsheet.
#include "web/committee.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/panel.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

// A cell for a French spreadsheet. What would start a formula there is made text by a quote.
std::string CsvCell(std::string text) {
  if (!text.empty() && std::string("=+-@\t\r").find(text[0]) != std::string::npos) {
    text.insert(0, "'");
  }
  std::string cell = "\"";
  for (const char c : text) cell += c == '"' ? std::string("\"\"") : std::string(1, c);
  return cell + "\"";
}

std::string CsvLine(const std::vector<std::string>& cells) {
  std::string line;
  for (const auto& cell : cells) line += (line.empty() ? "" : ";") + CsvCell(cell);
  return line + "\r\n";
}

// What the minutes show of a row: its own side reads the decision, never the marks.
struct MinutesRow {
  std::string rank, total, tie;
};

MinutesRow MarksOf(const SittingRow& row) {
  if (row.own_side || !row.has_marks) return {};
  return {std::to_string(row.ranked.rank), Mark(row.ranked.total), row.tie};
}

}  // namespace

Response MinutesPage(Visit& visit) {
  View view;
  std::string title;
  visit.services.database.Read([&](storage::Session& session) {
    const Sitting sitting = ReadSitting(visit, session);
    title = "Procès-verbal – " + sitting.Title();
    view.Set("call_title", sitting.call.title)
        .Set("note", sitting.session.note)
        .Set("sitting_title", sitting.Title())
        .Set("sitting_href", sitting.Href())
        .Set("csv_href", sitting.Href("/proces-verbal.csv"))
        .Set("printed_on", workflows::FrenchInstant(visit.now));
    view.SetList("rows");
    std::int64_t open = 0;
    for (const auto& row : sitting.rows) {
      const auto marks = MarksOf(row);
      open += row.decided ? 0 : 1;
      view.AddRow("rows")
          .Set("r_rank", marks.rank)
          .Set("r_number", row.project.number)
          .Set("r_title", row.project.title)
          .Set("r_administration", row.project.administration)
          .Set("r_total", marks.total)
          .Set("r_tie", marks.tie)
          .Set("r_decision", row.decided ? row.decided->label : "")
          .Set("r_reason", row.decided ? row.decided->reason : "")
          .Set("r_conditions", row.decided ? row.decided->conditions : "")
          .Set("r_conflicts", row.decided ? row.decided->conflicts : "")
          .Set("r_when", row.decided ? workflows::FrenchDate(row.decided->at) : "")
          .Set("r_who", row.decided ? row.decided->who : "");
    }
    view.Set("open_count", open == 0 ? ""
                                     : Plural(open, "projet n’a pas encore de décision publiée",
                                              "projets n’ont pas encore de décision publiée"));
  });
  return Page(visit, 200, "committee_minutes", title, std::move(view));
}

Response MinutesCsv(Visit& visit) {
  std::string name;
  std::string text = "\xEF\xBB\xBF" + CsvLine({"Rang", "Numéro", "Projet", "Administration",
                                               "Note sur 100", "Départage", "Décision", "Motif",
                                               "Conditions", "Liens déclarés", "Décidé le", "Par"});
  visit.services.database.Read([&](storage::Session& session) {
    const Sitting sitting = ReadSitting(visit, session);
    name = "proces-verbal-" + sitting.session.held_on + ".csv";
    for (const auto& row : sitting.rows) {
      const auto marks = MarksOf(row);
      const Decided decided = row.decided.value_or(Decided{});
      text += CsvLine({marks.rank, row.project.number, row.project.title,
                       row.project.administration, marks.total, marks.tie, decided.label,
                       decided.reason, decided.conditions, decided.conflicts,
                       row.decided ? workflows::ParisDate(decided.at) : "", decided.who});
    }
  });
  Response response = Html(200, std::move(text));
  response.type = "text/csv; charset=utf-8";
  response.Header("Content-Disposition", AttachmentOf(name));
  return response;
}

}  // namespace aiguillage::web
