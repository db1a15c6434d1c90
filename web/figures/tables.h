// A figure's table in its other forms: words for a page, a sheet for a file, JSON for programs.
//
//   WordsOf(FigureColumn::kDays, FigureCell(3.5))     « 3,5 j »
//   SheetOf(figure).rows[0][1]                        12, as a number
//   JsonOf(figure)["rows"][0]["count"]                {"value": 12, "href": "/projets?…"}
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "web/figures/figure.h"
#include "web/figures/panels.h"
#include "web/table_file.h"

namespace aiguillage::web {

const char* NameOf(FigureColumn::Kind kind);  // "text", "count", "days", …
bool IsNumber(FigureColumn::Kind kind);
// Nothing where there is nothing to say: no value, or one that is no number.
std::optional<double> ValueOf(const FigureCell& cell);

std::string WordsOf(FigureColumn::Kind kind, const FigureCell& cell);
std::string ColumnLabel(const FigureColumn& column);  // with its unit, for where cells have none
TableFile SheetOf(const Figure& figure);
nlohmann::json JsonOf(const Figure& figure);

// What GET /api/v1/pipeline answers and `aiguillage pipeline --json` prints; `only`: one panel.
nlohmann::json FiguresDocument(storage::Session& session, workflows::Catalog& catalog,
                               const FigureQuestion& question, const Panel* only = nullptr);

}  // namespace aiguillage::web
