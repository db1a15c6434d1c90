// « Of projects of these calls only »: what whoever has a role for some calls may list of rows that
// belong to projects. Without a list, everything, also what is of no project.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/session.h"

namespace aiguillage::storage {

using CallList = std::optional<std::vector<std::string>>;

// Where the query has the project's row: `column` is its call.
inline std::string AmongCalls(const std::string& column, const CallList& calls) {
  if (!calls) return "";
  std::string sql = " and " + column + " in (''";
  for (std::size_t i = 0; i < calls->size(); ++i) sql += ", :call" + std::to_string(i);
  return sql + ")";
}

// " and o.project in (…)", or "" without a list; the values are given by BindCalls.
inline std::string OfCalls(const std::string& column, const CallList& calls) {
  return calls ? " and " + column + " in (select id from project where true" +
                     AmongCalls("call", calls) + ")"
               : "";
}

inline void BindCalls(Query& query, const CallList& calls) {
  for (std::size_t i = 0; calls && i < calls->size(); ++i) {
    query.In("call" + std::to_string(i), (*calls)[i]);
  }
}

}  // namespace aiguillage::storage
