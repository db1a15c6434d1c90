#include "web/figures/measured.h"

#include "web/text.h"

namespace aiguillage::web {

std::string MeasuredAddress(const MeasuredAsked& asked, int page) {
  return "/pilotage/mesures" + QueryOf({{"mesure", asked.measure},
                                        {"appel", asked.call},
                                        {"collection", asked.collection},
                                        {"seule", asked.alone ? "1" : ""},
                                        {"de", asked.from},
                                        {"a", asked.to},
                                        {"page", page > 1 ? std::to_string(page) : ""}});
}

std::string MeasuredAddress(const FigureQuestion& question, const std::string& measure,
                            bool alone) {
  MeasuredAsked asked;
  asked.measure = measure;
  if (question.calls.size() == 1) asked.call = question.calls.front();
  asked.collection = question.collection;
  asked.alone = alone;
  asked.from = question.from;
  asked.to = question.to;
  return MeasuredAddress(asked);
}

}  // namespace aiguillage::web
