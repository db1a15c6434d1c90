// `aiguillage pipeline`: the figures of the pipeline, the very document of GET /api/v1/pipeline.
#include <CLI/CLI.hpp>
#include <sstream>

#include "web/cli/command_line.h"
#include "web/figures/methods.h"
#include "web/figures/question.h"
#include "web/figures/tables.h"
#include "workflows/flow.h"

namespace aiguillage::web {
namespace {

std::string InWords(const std::vector<Figure>& figures) {
  std::ostringstream words;
  for (const auto& figure : figures) {
    words << MethodOf(figure.id).title << '\n';
    for (const auto& row : figure.rows) {
      words << "  " << WordsOf(figure.columns.front().kind, row.front());
      for (std::size_t i = 1; i < row.size(); ++i) {
        words << " ; " << figure.columns[i].label << " : "
              << WordsOf(figure.columns[i].kind, row[i]);
      }
      words << '\n';
    }
    if (figure.rows.empty()) words << "  " << figure.empty << '\n';
  }
  return words.str();
}

int PrintPipeline(Invocation& invocation, const FigureWords& asked, const std::string& panel) {
  const Panel* only = panel.empty() ? nullptr : FindPanel(panel);
  if (!panel.empty() && only == nullptr) {
    return invocation.Refuse({"unknown_panel", "Aucun panneau « " + panel + " ».", {}});
  }
  Workplace& workplace = invocation.Open();
  while (workflows::FollowMoves(workplace.database(), workplace.catalog())) continue;
  nlohmann::json document;
  std::string words;
  workplace.database().Read([&](storage::Session& session) {
    const auto question = OrRefuse(QuestionOf(session, asked, {.all = true}, invocation.now));
    if (invocation.json) {
      document = FiguresDocument(session, workplace.catalog(), question, only);
      return;
    }
    for (const Panel& one : Panels()) {
      if (only != nullptr && only != &one) continue;
      words += InWords(one.make(session, workplace.catalog(), question));
    }
  });
  invocation.Answer(document, words);
  return kDone;
}

}  // namespace

void AddPipelineVerbs(CLI::App& app, Invocation& invocation) {
  auto asked = std::make_shared<FigureWords>();
  auto panel = std::make_shared<std::string>();
  auto* command = app.add_subcommand("pipeline", "les chiffres du pilotage");
  command->fallthrough();
  command->add_option("--call", asked->call, "un seul appel");
  command->add_option("--collection", asked->collection, "une collection et celles d’en dessous");
  command->add_option("--from", asked->from, "premier jour de la période, 2026-09-01");
  command->add_option("--to", asked->to, "dernier jour de la période");
  command->add_option("--on", asked->on,
                      "un jour passé : où les projets étaient à sa fin (panneau maintenant)");
  command->add_option("--panel", *panel, "un seul panneau");
  command->callback([&invocation, asked, panel] {
    invocation.verb = [&invocation, asked, panel] {
      return PrintPipeline(invocation, *asked, *panel);
    };
  });
}

}  // namespace aiguillage::web
