// A figure of the pipeline: a table of numbers that says what it counts. Each number may be a link
// to exactly the rows behind it; the chart, the file and the API are made of this table, so that
// they cannot disagree with it.
//
//   Figure figure{"throughput", {{"week", "Semaine", kText}, {"left", "Sorties", kCount}}, {}};
//   figure.rows.push_back({FigureCell("16 nov. 2026"), FigureCell(12, "/pilotage/passages?…")});
//
// Title, definition, method and kind of chart of each id: figures.json, which the method page
// tells.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aiguillage::workflows {
class Catalog;
}
namespace aiguillage::storage {
class Session;
}

namespace aiguillage::web {

struct FigureColumn {
  // A count is the length of a list: where it is a link, exactly so many rows are behind it. A
  // score is any other plain number (a mean, a sum, what is expected); 45 % is 45; amounts are
  // euros.
  enum Kind { kText, kCount, kDays, kPercent, kAmount, kScore, kDay };
  std::string id, label;
  Kind kind = kCount;
};

struct FigureCell {
  std::string text;             // of a text column; ISO date of a day
  std::optional<double> value;  // of the others, none where there is nothing to say (never NaN)
  std::string href;             // the rows behind it, "" without
  std::string hidden;           // why there is none: « moins de 5 réponses », « sans cible »

  FigureCell() = default;
  explicit FigureCell(std::string words, std::string link = "")
      : text(std::move(words)), href(std::move(link)) {}
  explicit FigureCell(double number, std::string link = "")
      : value(number), href(std::move(link)) {}
  // « sans cible »: there is no number here, and that says why.
  static FigureCell Without(std::string why) {
    FigureCell cell;
    cell.hidden = std::move(why);
    return cell;
  }
};

struct Figure {
  std::string id;
  std::vector<FigureColumn> columns;  // the first one names the row
  std::vector<std::vector<FigureCell>> rows;
  std::string empty;  // said instead of the table when there is no row
};

// What is asked of a panel. Days are ISO dates of Paris, both included; "" = no bound.
struct FigureQuestion {
  std::vector<std::string> calls;  // ids: the one chosen, or all there are; never empty
  std::string collection;          // slug with those below it, "" = all
  std::string from, to;
  std::int64_t now = 0;
  std::string on = {};  // where projects stood at the end of that day; "" = where they stand
};

}  // namespace aiguillage::web
