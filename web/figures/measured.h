// The projects behind a measure, as an address says them: one predicate with the sums, so that the
// list has as many lines as the figure counted projects.
//
//   MeasuredAddress({.measure = "satisfaction", .call = "mentor-2026"})
//     -> /pilotage/mesures?mesure=satisfaction&appel=mentor-2026
//
// What stands for the answers of few people is not told here either, nor can it be worked out from
// the rest (storage::WeightToldFrom). Marks of reviewers are left to the page of the project, which
// knows who may not read them yet.
#pragma once

#include <string>

#include "web/figures/figure.h"
#include "web/response.h"
#include "web/visit.h"

namespace aiguillage::web {

struct MeasuredAsked {
  std::string measure, call;
  std::string collection;  // with those below it; "-" for none
  bool alone = false;      // `collection` without those below it
  std::string from, to;    // ISO days: whole months of the application
};
std::string MeasuredAddress(const MeasuredAsked& asked, int page = 1);
// What a figure asks of the question it was made for.
std::string MeasuredAddress(const FigureQuestion& question, const std::string& measure,
                            bool alone = false);

// Routes (pages/measured.cpp).
Response MeasuredPage(Visit& visit);
Response MeasuredCsv(Visit& visit);
Response MeasuredXlsx(Visit& visit);

}  // namespace aiguillage::web
