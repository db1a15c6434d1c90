// The figures of the pipeline: a page a panel, all of them on one page to be printed, and how each
// is counted.
#include "storage/calls.h"
#include "storage/flow.h"
#include "web/assets.h"
#include "web/figures/methods.h"
#include "web/figures/shown.h"
#include "web/figures/tables.h"
#include "web/page.h"
#include "web/saved_views.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

using engine::Outcome;
using engine::Refusal;

constexpr int kBehindMax = 1'000'000;

// The other panels tell of a period: a day that was asked of the first one is none of theirs.
FiguresAsked AskedOf(const Visit& visit) {
  FiguresAsked asked = AskedBy(visit);
  if (!AsksADay(visit.Parameter("panel"))) asked.words.on.clear();
  return asked;
}

// « Situation à la fin du 1er mai 2026 … »; "" where the present is told.
std::string PastWords(const FigureQuestion& question) {
  if (question.on.empty()) return "";
  return "Situation à la fin du " + FrenchIsoDate(question.on) +
         ", d’après le journal. Les retards d’alors ne peuvent pas être dits : une échéance tenue, "
         "prolongée ou recomptée depuis n’est pas gardée.";
}

// One question, or two where another call is compared with.
Outcome<std::vector<FigureQuestion>> QuestionsOf(storage::Session& session, const Visit& visit,
                                                 const FiguresAsked& asked) {
  const auto shown = CallsFor(Rule::kSteering, *visit.visitor);
  auto question = QuestionOf(session, asked.words, shown, visit.now);
  if (!question) return question.refusal();
  std::vector<FigureQuestion> questions{std::move(question).value()};
  if (asked.compared.empty()) return questions;
  auto other = QuestionOf(session, asked.Compared().words, shown, visit.now);
  if (!other && other.refusal().code == "unknown_call") {
    return Refusal{"unknown_other", other.refusal().sentence, {}};
  }
  if (!other) return other.refusal();
  if (other.value().calls == questions.front().calls) {
    return Refusal{
        "same_call", "Un appel ne se compare qu’à un autre : choisissez-en un autre.", {}};
  }
  questions.push_back(std::move(other).value());
  return questions;
}

// The panel's figures, each beside the same one of the call compared with.
void AddPanel(View& view, Visit& visit, storage::Session& session, const Panel& panel,
              const FiguresAsked& asked, const std::vector<FigureQuestion>& questions) {
  std::vector<std::vector<Figure>> sides;
  for (const auto& question : questions) {
    sides.push_back(panel.make(session, visit.services.catalog, question));
  }
  const bool two = questions.size() > 1;
  View& shown = view.AddRow("panels");
  shown.Set("panel_id", panel.id).Set("panel_title", panel.title).SetList("pairs");
  for (std::size_t i = 0; i < sides.front().size(); ++i) {
    View& pair = shown.AddRow("pairs");
    pair.Set("pair_two", two).SetList("sides");
    for (std::size_t side = 0; side < sides.size(); ++side) {
      FiguresAsked alone = side == 0 ? asked : asked.Compared();
      alone.compared.clear();
      FillFigure(pair.AddRow("sides"), sides[side].at(i), panel.id, alone, side == 0 ? "" : "-2",
                 two ? CallsWords(session, questions[side]) : "");
    }
  }
}

// What there is to read first in a workbook that travels without its page.
void AddSheets(std::vector<TableFile>& sheets, Visit& visit, storage::Session& session,
               const std::vector<const Panel*>& panels, const std::string& wanted,
               const std::vector<FigureQuestion>& questions) {
  TableFile contents{"Sommaire", {"Chiffre", "Ce qui est demandé", "Définition"}, {}};
  std::vector<TableFile> tables;
  for (const Panel* panel : panels) {
    for (const auto& question : questions) {
      for (const auto& figure : panel->make(session, visit.services.catalog, question)) {
        if (!wanted.empty() && figure.id != wanted) continue;
        const FigureMethod& method = MethodOf(figure.id);
        contents.rows.push_back(
            {method.title, QuestionWords(session, question), method.definition});
        tables.push_back(SheetOf(figure));
      }
    }
  }
  if (tables.empty()) throw HttpError(404, "Ce chiffre n’existe pas dans ce panneau.");
  if (wanted.empty()) {
    contents.rows.push_back({TableCell("Établi le " + workflows::FrenchInstant(visit.now))});
    sheets.push_back(std::move(contents));
  }
  for (auto& table : tables) sheets.push_back(std::move(table));
}

std::vector<TableFile> SheetsAsked(Visit& visit) {
  const auto panels = PanelsNamed(visit.Parameter("panel"));
  const FiguresAsked asked = AskedOf(visit);
  std::vector<TableFile> sheets;
  visit.services.database.Read([&](storage::Session& session) {
    const auto questions = QuestionsOf(session, visit, asked);
    if (!questions) ThrowRefused(questions.refusal());
    AddSheets(sheets, visit, session, panels, visit.request.Query("chiffre"), questions.value());
  });
  return sheets;
}

std::string FileName(const Visit& visit) {
  const std::string figure = visit.request.Query("chiffre");
  return (figure.empty() ? "chiffres-" + visit.Parameter("panel") : figure) + "-" +
         workflows::ParisDate(visit.now);
}

}  // namespace

Response FiguresPage(Visit& visit) {
  const std::string id = visit.Parameter("panel");
  const auto panels = PanelsNamed(id);
  const FiguresAsked asked = AskedOf(visit);
  View view;
  view.Set("past", "");
  Refusal refusal;
  visit.services.database.Read([&](storage::Session& session) {
    const std::int64_t behind = storage::CountUnfollowed(session, kBehindMax);
    view.Set("behind", behind == 0 ? "" : Plural(behind, "projet reste", "projets restent"));
    view.SetList("panels").Set("stands", "").Set("every", id == kEveryPanel);
    AddSavedViews(view, visit, session, FiguresAddress(id, asked));
    const auto questions = QuestionsOf(session, visit, asked);
    if (questions) {
      const bool two = questions.value().size() > 1;
      view.Set("stands",
               QuestionWords(session, questions.value().front()) +
                   (two ? ", à côté de : " + CallsWords(session, questions.value().back()) : ""));
      view.Set("past", PastWords(questions.value().front()));
      for (const Panel* panel : panels) {
        AddPanel(view, visit, session, *panel, asked, questions.value());
      }
    } else if (questions.refusal().code == "foreign_call") {
      ThrowRefused(questions.refusal());
    } else {
      refusal = questions.refusal();
    }
    AddFiguresForm(view, visit, session, asked, id, refusal);
  });
  AddPilotTabs(view, id, asked);
  const std::string title =
      id == kEveryPanel ? "Tous les chiffres" : std::string("Chiffres : ") + panels.front()->title;
  view.Set("printed_on", workflows::FrenchInstant(visit.now))
      .Set("book_href", FigureFileAddress(id, "xlsx", "", asked))
      .Set("chart_script", visit.house.assets.Address("chart.umd.min.js"))
      .Set("figures_script", visit.house.assets.Address("figures.js"));
  return Page(visit, refusal.code.empty() ? 200 : 422, "figures",
              (refusal.code.empty() ? "" : "Erreur : ") + title, std::move(view));
}

Response FigureCsv(Visit& visit) {
  if (visit.request.Query("chiffre").empty()) {
    throw HttpError(422, "Un fichier CSV tient un seul chiffre : dites lequel (chiffre=…).");
  }
  return AnswerWith(SheetsAsked(visit).front(), "csv", FileName(visit));
}

Response FiguresXlsx(Visit& visit) { return AnswerWithSheets(SheetsAsked(visit), FileName(visit)); }

Response MethodsPage(Visit& visit) {
  View view;
  view.SetList("methods");
  for (const auto& method : FigureMethods()) {
    View& row = view.AddRow("methods");
    row.Set("method_id", method.id)
        .Set("method_title", method.title)
        .Set("method_definition", method.definition)
        .SetList("paragraphs");
    for (const auto& paragraph : method.method)
      row.AddRow("paragraphs").Set("paragraph", paragraph);
  }
  return Page(visit, 200, "methods", "Comment les chiffres sont comptés", std::move(view));
}

}  // namespace aiguillage::web
