#include "web/figures/tables.h"

#include <cmath>

#include "web/figures/methods.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

// 3.25 with one decimal -> « 3,3 »; a decimal that is zero is left out.
std::string Decimal(double value, int decimals) {
  const std::int64_t scale = decimals == 2 ? 100 : 10;
  const std::int64_t scaled = std::llround(std::abs(value) * static_cast<double>(scale));
  std::string words = (value < 0 && scaled != 0 ? "-" : "") + Grouped(scaled / scale);
  std::string rest = std::to_string(scaled % scale + scale).substr(1);
  while (!rest.empty() && rest.back() == '0') rest.pop_back();
  return rest.empty() ? words : words + "," + rest;
}

TableCell SheetCell(FigureColumn::Kind kind, const FigureCell& cell) {
  if (!cell.hidden.empty()) return TableCell(cell.hidden);
  if (kind == FigureColumn::kDay) return TableCell::Day(cell.text);
  if (!IsNumber(kind)) return TableCell(cell.text);
  const auto value = ValueOf(cell);
  return value ? TableCell::Number(*value) : TableCell();
}

nlohmann::json JsonCell(FigureColumn::Kind kind, const FigureCell& cell) {
  nlohmann::json one = nlohmann::json::object();
  if (!cell.hidden.empty()) {
    one["hidden"] = cell.hidden;
  } else if (!IsNumber(kind)) {
    one["text"] = cell.text;
  } else if (const auto value = ValueOf(cell); !value) {
    one["value"] = nullptr;
  } else if (std::abs(*value) < 1e15 && std::trunc(*value) == *value) {
    one["value"] = static_cast<std::int64_t>(*value);
  } else {
    one["value"] = *value;
  }
  if (!cell.href.empty()) one["href"] = cell.href;
  return one;
}

}  // namespace

const char* NameOf(FigureColumn::Kind kind) {
  switch (kind) {
    case FigureColumn::kText:
      return "text";
    case FigureColumn::kCount:
      return "count";
    case FigureColumn::kDays:
      return "days";
    case FigureColumn::kPercent:
      return "percent";
    case FigureColumn::kAmount:
      return "amount";
    case FigureColumn::kScore:
      return "score";
    case FigureColumn::kDay:
      return "day";
  }
  return "";
}

bool IsNumber(FigureColumn::Kind kind) {
  return kind != FigureColumn::kText && kind != FigureColumn::kDay;
}

std::optional<double> ValueOf(const FigureCell& cell) {
  return cell.value && std::isfinite(*cell.value) ? cell.value : std::nullopt;
}

std::string WordsOf(FigureColumn::Kind kind, const FigureCell& cell) {
  if (!cell.hidden.empty()) return cell.hidden;
  if (kind == FigureColumn::kText) return cell.text;
  if (kind == FigureColumn::kDay) return cell.text.empty() ? "–" : FrenchIsoDate(cell.text);
  const auto value = ValueOf(cell);
  if (!value) return "–";
  switch (kind) {
    case FigureColumn::kDays:
      return Decimal(*value, 1) + "\u00a0j";
    case FigureColumn::kPercent:
      return Decimal(*value, 1) + "\u202f%";
    case FigureColumn::kAmount:
      return Grouped(std::llround(*value)) + "\u00a0€";
    case FigureColumn::kScore:
      return Decimal(*value, 2);
    default:
      return Decimal(*value, 1);
  }
}

std::string ColumnLabel(const FigureColumn& column) {
  switch (column.kind) {
    case FigureColumn::kDays:
      return column.label + " (jours)";
    case FigureColumn::kPercent:
      return column.label + " (%)";
    case FigureColumn::kAmount:
      return column.label + " (€)";
    default:
      return column.label;
  }
}

TableFile SheetOf(const Figure& figure) {
  TableFile sheet{MethodOf(figure.id).title, {}, {}};
  for (const auto& column : figure.columns) sheet.columns.push_back(ColumnLabel(column));
  for (const auto& row : figure.rows) {
    auto& cells = sheet.rows.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      cells.push_back(SheetCell(figure.columns.at(i).kind, row[i]));
    }
  }
  if (figure.rows.empty()) {
    sheet.rows.emplace_back(figure.columns.size()).front() = TableCell(figure.empty);
  }
  return sheet;
}

nlohmann::json JsonOf(const Figure& figure) {
  const FigureMethod& method = MethodOf(figure.id);
  nlohmann::json columns = nlohmann::json::array(), rows = nlohmann::json::array();
  for (const auto& column : figure.columns) {
    columns.push_back({{"id", column.id}, {"label", column.label}, {"kind", NameOf(column.kind)}});
  }
  for (const auto& row : figure.rows) {
    nlohmann::json cells = nlohmann::json::object();
    for (std::size_t i = 0; i < row.size(); ++i) {
      cells[figure.columns.at(i).id] = JsonCell(figure.columns[i].kind, row[i]);
    }
    rows.push_back(std::move(cells));
  }
  return {{"id", figure.id},
          {"title", method.title},
          {"definition", method.definition},
          {"method", MethodAddress(figure.id)},
          {"columns", std::move(columns)},
          {"rows", std::move(rows)},
          {"empty", figure.rows.empty() ? figure.empty : ""}};
}

nlohmann::json FiguresDocument(storage::Session& session, workflows::Catalog& catalog,
                               const FigureQuestion& question, const Panel* only) {
  nlohmann::json panels = nlohmann::json::array();
  for (const Panel& panel : Panels()) {
    if (only != nullptr && only != &panel) continue;
    nlohmann::json figures = nlohmann::json::array();
    for (const auto& figure : panel.make(session, catalog, question)) {
      figures.push_back(JsonOf(figure));
    }
    panels.push_back({{"id", panel.id}, {"title", panel.title}, {"figures", std::move(figures)}});
  }
  return {{"at", workflows::IsoInstant(question.now)},
          {"calls", question.calls},
          {"collection", question.collection},
          {"from", question.from},
          {"to", question.to},
          {"on", question.on},
          {"panels", std::move(panels)}};
}

}  // namespace aiguillage::web
