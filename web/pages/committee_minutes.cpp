// The minutes of a sitting: to print and sign, or as a table for a spreadsheet.
#include "web/committee.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/panel.h"
#include "web/table_file.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

// What the minutes show of a row: its own side reads the decision, never the marks.
struct MinutesRow {
  std::string rank, total, tie;
};

MinutesRow MarksOf(const SittingRow& row) {
  if (row.own_side || !row.has_marks) return {};
  return {std::to_string(row.ranked.rank), Mark(row.ranked.total), row.tie};
}

Response MinutesFile(Visit& visit, const char* kind) {
  TableFile table{"Procès-verbal",
                  {"Rang", "Numéro", "Projet", "Administration", "Note sur 100", "Départage",
                   "Décision", "Motif", "Conditions", "Liens déclarés", "Décidé le", "Par"},
                  {}};
  std::string name;
  visit.services.database.Read([&](storage::Session& session) {
    const Sitting sitting = ReadSitting(visit, session);
    name = "proces-verbal-" + sitting.session.held_on;
    for (const auto& row : sitting.rows) {
      const bool marks = row.has_marks && !row.own_side;
      const Decided decided = row.decided.value_or(Decided{});
      table.rows.push_back(
          {marks ? TableCell::Number(row.ranked.rank) : TableCell(), row.project.number,
           row.project.title, row.project.administration,
           marks ? TableCell::Number(row.ranked.total) : TableCell(), MarksOf(row).tie,
           decided.label, decided.reason, decided.conditions, decided.conflicts,
           TableCell::Day(row.decided ? workflows::ParisDate(decided.at) : ""), decided.who});
    }
  });
  return AnswerWith(table, kind, name);
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
        .Set("xlsx_href", sitting.Href("/proces-verbal.xlsx"))
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

Response MinutesCsv(Visit& visit) { return MinutesFile(visit, "csv"); }

Response MinutesXlsx(Visit& visit) { return MinutesFile(visit, "xlsx"); }

}  // namespace aiguillage::web
