// Conditions that a filter may leave out: « one of these », « between these two ».
//
//   Query query(session, "select … where 1 = 1" + Among("call", "call", filter.calls));
//   BindAmong(query, "call", filter.calls);               // nothing of both for an empty list
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/session.h"

namespace aiguillage::storage {

inline std::string Among(const std::string& column, const std::string& name,
                         const std::vector<std::string>& values) {
  if (values.empty()) return "";
  std::string sql = " and " + column + " in (";
  for (std::size_t i = 0; i < values.size(); ++i) {
    sql += (i == 0 ? ":" : ", :") + name + std::to_string(i);
  }
  return sql + ")";
}

inline void BindAmong(Query& query, const std::string& name,
                      const std::vector<std::string>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    query.In(name + std::to_string(i), values[i]);
  }
}

inline std::string Between(const std::string& column, const std::string& name, std::int64_t from,
                           std::int64_t to) {
  return (from != 0 ? " and " + column + " >= :from_" + name : "") +
         (to != 0 ? " and " + column + " <= :to_" + name : "");
}

inline void BindBetween(Query& query, const std::string& name, std::int64_t from, std::int64_t to) {
  if (from != 0) query.In("from_" + name, from);
  if (to != 0) query.In("to_" + name, to);
}

}  // namespace aiguillage::storage
