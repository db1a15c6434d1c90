// Figures on a page: the words of an address, the form that changes them, the tabs between panels,
// and the one view that every figure is shown by (_figure.html.mustache).
//
//   const FiguresAsked asked = AskedBy(visit);
//   AddFiguresForm(view, visit, session, asked, "/pilotage/chiffres/maintenant");
#pragma once

#include <string>
#include <vector>

#include "web/figures/figure.h"
#include "web/figures/panels.h"
#include "web/figures/question.h"
#include "web/page.h"

namespace aiguillage::web {

inline constexpr char kFiguresRoot[] = "/pilotage/chiffres/";
inline constexpr char kEveryPanel[] = "tout";  // all panels, on one page to be printed

// ?appel=&collection=&de=&a=&le=&comparer=
struct FiguresAsked {
  FigureWords words;
  std::string compared;  // another call, "" without
  std::string Query() const;
  FiguresAsked Compared() const;  // the same asked of the other call
};
FiguresAsked AskedBy(const Visit& visit);
std::string FiguresAddress(const std::string& panel, const FiguresAsked& asked);
// tableau.csv or tableau.xlsx; of one figure, or with "" of all of them.
std::string FigureFileAddress(const std::string& panel, const std::string& kind,
                              const std::string& figure, const FiguresAsked& asked);
// Of that panel, or with kEveryPanel all of them; HttpError 404 for another word.
std::vector<const Panel*> PanelsNamed(const std::string& id);
// As an answer: 403 for a call of others, else 422.
[[noreturn]] void ThrowRefused(const engine::Refusal& refusal);

// What a reader calls it: « AAP Mentor 2026, Numérique, du 1 septembre 2026 au 30 octobre 2026 ».
std::string QuestionWords(storage::Session& session, const FigureQuestion& question);
std::string CallsWords(storage::Session& session, const FigureQuestion& question);

// `here`: a panel's id, kEveryPanel, or "" on the page of the pipeline itself.
void AddPilotTabs(View& view, const std::string& here, const FiguresAsked& asked);
bool AsksADay(const std::string& panel);  // the panel may be asked of a past day
void AddFiguresForm(View& view, Visit& visit, storage::Session& session, const FiguresAsked& asked,
                    const std::string& panel, const engine::Refusal& refusal);
// `part` tells it apart from the same figure of another call ("" alone, "-2" …).
void FillFigure(View& view, const Figure& figure, const std::string& panel,
                const FiguresAsked& asked, const std::string& part, const std::string& whose);

// Routes (pages/figures.cpp).
Response FiguresPage(Visit& visit);  // a panel's figures, or all of them to be printed
Response FigureCsv(Visit& visit);    // ?chiffre=: which of them
Response FiguresXlsx(Visit& visit);  // the same; without it a sheet each
Response MethodsPage(Visit& visit);

}  // namespace aiguillage::web
