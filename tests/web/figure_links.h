// Every number that is a link, followed: a count is the number of rows of the list it leads to.
//
//   EXPECT_GT(FollowLinks(counter, figures), 0)
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <regex>
#include <string>
#include <vector>

#include "tests/web/counter.h"
#include "web/figures/figure.h"
#include "web/figures/tables.h"

namespace aiguillage::web {

inline std::string Unescaped(std::string text) {
  for (std::size_t at = 0; (at = text.find("&amp;", at)) != std::string::npos; ++at) {
    text.replace(at, 5, "&");
  }
  return text;
}

// The rows of a list, all its pages.
inline std::int64_t RowsOf(Counter& counter, std::string address) {
  static const std::regex kNext("<a href=\"([^\"]+)\" rel=\"next\"");
  std::int64_t rows = 0;
  while (!address.empty()) {
    const auto answer = counter.Get(address, "pilot");
    EXPECT_EQ(answer.status, 200) << address;
    const std::string& page = answer.body;
    const auto from = page.find("<tbody>"), to = page.find("</tbody>");
    EXPECT_NE(from, std::string::npos) << address << " has no list";
    if (from == std::string::npos) return -1;
    for (auto at = page.find("<tr>", from); at < to; at = page.find("<tr>", at + 1)) ++rows;
    std::smatch next;
    address = std::regex_search(page, next, kNext) ? Unescaped(next[1]) : "";
  }
  return rows;
}

// Whole numbers are lengths of lists; what names a row or is no count may lead elsewhere.
inline int FollowLinks(Counter& counter, const std::vector<Figure>& figures) {
  int followed = 0;
  for (const auto& figure : figures) {
    for (const auto& row : figure.rows) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (row[i].href.empty()) continue;
        ++followed;
        const std::int64_t rows = RowsOf(counter, row[i].href);
        if (figure.columns.at(i).kind != FigureColumn::kCount) {
          EXPECT_GE(rows, 1) << figure.id << " -> " << row[i].href;
          continue;
        }
        EXPECT_EQ(static_cast<double>(rows), row[i].value)
            << figure.id << ", " << row.front().text << ", " << figure.columns[i].label << " -> "
            << row[i].href;
      }
    }
  }
  return followed;
}

// Nothing that was counted is without its list, and what is worked out stands beside a link to the
// rows that it was worked out from.
inline void ExpectListsBehind(const Figure& figure) {
  for (const auto& row : figure.rows) {
    bool any = false, told = false;
    for (std::size_t i = 1; i < row.size(); ++i) {
      const bool number = IsNumber(figure.columns.at(i).kind) && row[i].value.value_or(0) != 0;
      told = told || number;
      any = any || !row[i].href.empty();
      if (number && figure.columns[i].kind == FigureColumn::kCount) {
        EXPECT_FALSE(row[i].href.empty())
            << figure.id << ", " << row.front().text << ", " << figure.columns[i].label;
      }
    }
    EXPECT_TRUE(any || !told) << figure.id << ", " << row.front().text << ": no list behind it";
  }
}

}  // namespace aiguillage::web
