// A list as a file that spreadsheets open: CSV as French ones expect it, or XLSX.
//
//   TableFile table{"Projets", {"Numéro", "Titre", "Ouvert le"}, {}};
//   table.rows.push_back({TableCell("AIG-2026-0042"), TableCell("Accueil"),
//   TableCell::Day("2026-11-23")}); AnswerWith(table, "csv", "projets")        // projets.csv, as
//   an attachment
//
// CSV: UTF-8 with its mark (BOM), ";" between cells, lines ended by CR LF. A text that a
// spreadsheet would take for a formula (= + - @ tab) is given an apostrophe in front: what people
// typed never runs. XLSX knows texts, numbers and days for what they are, so it needs none.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "web/response.h"

namespace aiguillage::web {

struct TableCell {
  enum Kind { kText, kNumber, kDay } kind = kText;
  std::string text;  // of a day: ISO, "" without
  double number = 0;

  TableCell() = default;
  TableCell(std::string words) : text(std::move(words)) {}  // NOLINT: meant to be implicit
  static TableCell Number(double value) {
    TableCell cell;
    cell.kind = kNumber;
    cell.number = value;
    return cell;
  }
  static TableCell Day(std::string iso) {
    TableCell cell(std::move(iso));
    cell.kind = kDay;
    return cell;
  }
};

struct TableFile {
  std::string title;  // of the sheet
  std::vector<std::string> columns;
  std::vector<std::vector<TableCell>> rows;
};

std::string CsvOf(const TableFile& table);
// One sheet each, titles made unlike; throws std::runtime_error when the disk is full.
std::string XlsxOf(const std::vector<TableFile>& sheets);
// `kind`: csv | xlsx; the file is called NAME.kind.
Response AnswerWith(const TableFile& table, const std::string& kind, const std::string& name);
Response AnswerWithSheets(const std::vector<TableFile>& sheets, const std::string& name);  // XLSX

}  // namespace aiguillage::web
