#include "web/table_file.h"

#include <xlsxwriter.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

#include "storage/hash.h"

namespace aiguillage::web {

namespace {

constexpr std::size_t kSheetNameMax = 31;     // characters, says the format
constexpr std::size_t kSheetCellMax = 32000;  // bytes; the format takes 32,767 characters

std::string NumberText(double number) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number);
  std::string words(text.data(), end.ptr);
  const auto point = words.find('.');
  if (point != std::string::npos) words[point] = ',';  // as a French spreadsheet reads it
  return words;
}

// "2026-11-23" -> "23/11/2026"
std::string FrenchDay(const std::string& iso) {
  if (iso.size() != 10) return iso;
  return iso.substr(8, 2) + "/" + iso.substr(5, 2) + "/" + iso.substr(0, 4);
}

bool LooksLikeFormula(const std::string& text) {
  return !text.empty() && std::string("=+-@\t\r").find(text.front()) != std::string::npos;
}

std::string CsvCell(const TableCell& cell) {
  if (cell.kind == TableCell::kNumber) return NumberText(cell.number);
  if (cell.kind == TableCell::kDay) return FrenchDay(cell.text);
  std::string text = LooksLikeFormula(cell.text) ? "'" + cell.text : cell.text;
  if (text.find_first_of(";\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

// Cut at a whole character.
std::string Bounded(const std::string& text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  std::size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

// A sheet's name takes no : \ / ? * [ ]
std::string SheetName(const std::string& title) {
  std::string name;
  for (const char c : Bounded(title, kSheetNameMax)) {
    name += std::string(":\\/?*[]'").find(c) == std::string::npos ? c : ' ';
  }
  return name;
}

void Must(lxw_error error) {
  if (error == LXW_NO_ERROR) return;
  throw std::runtime_error(std::string("Expected to write the sheet, but ") + lxw_strerror(error));
}

struct Formats {
  lxw_format *head, *day, *text;
};

void WriteCell(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, const TableCell& cell,
               const Formats& formats) {
  if (cell.kind == TableCell::kNumber) {
    Must(worksheet_write_number(sheet, row, column, cell.number, nullptr));
  } else if (cell.kind == TableCell::kDay && cell.text.size() == 10) {
    lxw_datetime day{std::stoi(cell.text.substr(0, 4)),
                     std::stoi(cell.text.substr(5, 2)),
                     std::stoi(cell.text.substr(8, 2)),
                     0,
                     0,
                     0};
    Must(worksheet_write_datetime(sheet, row, column, &day, formats.day));
  } else {
    Must(worksheet_write_string(sheet, row, column, Bounded(cell.text, kSheetCellMax).c_str(),
                                formats.text));
  }
}

void FillSheet(lxw_workbook* book, const TableFile& table, const std::string& called) {
  lxw_worksheet* sheet = workbook_add_worksheet(book, called.c_str());
  if (sheet == nullptr) throw std::runtime_error("Expected a sheet, but its name was refused");
  const Formats formats{workbook_add_format(book), workbook_add_format(book),
                        workbook_add_format(book)};
  format_set_bold(formats.head);
  format_set_num_format(formats.day, "dd/mm/yyyy");
  format_set_align(formats.text, LXW_ALIGN_VERTICAL_TOP);
  lxw_col_t column = 0;
  for (const std::string& name : table.columns) {
    Must(worksheet_write_string(sheet, 0, column++, name.c_str(), formats.head));
  }
  lxw_row_t row = 0;
  for (const auto& cells : table.rows) {
    ++row;
    column = 0;
    for (const TableCell& cell : cells) WriteCell(sheet, row, column++, cell, formats);
  }
  worksheet_freeze_panes(sheet, 1, 0);
  if (!table.columns.empty()) {
    const auto last = static_cast<lxw_col_t>(table.columns.size() - 1);
    worksheet_autofilter(sheet, 0, 0, row, last);
    worksheet_set_column(sheet, 0, last, 22, nullptr);
  }
}

}  // namespace

std::string CsvOf(const TableFile& table) {
  std::string csv = "\xEF\xBB\xBF";
  const auto line = [&](const auto& cells, const auto& text) {
    bool first = true;
    for (const auto& cell : cells) {
      if (!first) csv += ';';
      first = false;
      csv += text(cell);
    }
    csv += "\r\n";
  };
  line(table.columns, [](const std::string& name) { return CsvCell(TableCell(name)); });
  for (const auto& row : table.rows) line(row, CsvCell);
  return csv;
}

std::string XlsxOf(const std::vector<TableFile>& sheets) {
  namespace fs = std::filesystem;
  const fs::path path =
      fs::temp_directory_path() / ("aiguillage-" + storage::RandomHex(16) + ".xlsx");
  const std::unique_ptr<const fs::path, void (*)(const fs::path*)> removed(
      &path, [](const fs::path* made) {
        std::error_code ignored;
        fs::remove(*made, ignored);
      });
  lxw_workbook* book = workbook_new(path.c_str());
  if (book == nullptr) throw std::runtime_error("Expected to make a workbook");
  try {
    int number = 0;
    for (const TableFile& sheet : sheets) {
      ++number;  // two sheets of one name are refused
      const std::string mark = sheets.size() < 2 ? "" : std::to_string(number) + " ";
      FillSheet(book, sheet, SheetName(mark + sheet.title));
    }
  } catch (...) {
    workbook_close(book);
    throw;
  }
  Must(workbook_close(book));
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

Response AnswerWithSheets(const std::vector<TableFile>& sheets, const std::string& name) {
  Response response;
  response.body = XlsxOf(sheets);
  response.type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  response.Header("Content-Disposition", AttachmentOf(name + ".xlsx"));
  return response;
}

Response AnswerWith(const TableFile& table, const std::string& kind, const std::string& name) {
  if (kind == "xlsx") return AnswerWithSheets({table}, name);
  Response response;
  response.body = CsvOf(table);
  response.type = "text/csv; charset=utf-8";
  response.Header("Content-Disposition", AttachmentOf(name + "." + kind));
  return response;
}

}  // namespace aiguillage::web
